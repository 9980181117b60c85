import AHCTransport
import Foundation
import HTTPMessage
import NIOCore
import S3Client
import S3Protocol
import Synchronization
import TestSupport
import Testing

/// How much memory a long transfer takes, against a server in another process.
@Suite(.serialized) struct MemoryTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let endpoint = environment["PAIL_TEST_S3_ENDPOINT"]
    private static let length = environment["PAIL_TEST_LARGE_BYTES"].flatMap { Int($0) }

    /// What two gibibytes may take, in KiB.
    private static let limit = 64 << 10

    @Test(.enabled(if: endpoint != nil && length != nil, "PAIL_TEST_LARGE_BYTES tells no length"))
    func `a transfer of any length, up and down, takes less than 64 MiB of memory`() async throws {
        let length = try #require(Self.length)
        let transport = try AHCTransport(
            AHCConfiguration(trustedCertificates: Self.environment["PAIL_TEST_S3_CA"])
        )
        let client = S3Client(
            endpoint: try S3Endpoint(url: Self.endpoint),
            credentials: EnvironmentCredentials(Self.environment),
            transport: transport,
            logger: InProcessS3.silence
        )
        try await client.createBucket("pail-large")
        let piece = TestBytes.make(1 << 20)
        try Memory.forgetPeak()
        let before = try Memory.peak()
        let left = Mutex(length)
        let stream = HTTPBody(length: length) {
            let count = left.withLock { left in
                defer { left -= min(left, piece.readableBytes) }
                return min(left, piece.readableBytes)
            }
            return count == 0 ? nil : piece.getSlice(at: piece.readerIndex, length: count)
        }
        let put = try await client.upload(bucket: "pail-large", key: "k", body: .stream(stream))
        #expect(put.size == length)
        let up = try Memory.peak() - before
        let got = try await client.download(bucket: "pail-large", key: "k")
        #expect(got.head.checksum?.value == put.checksum?.value)
        var arrived = 0
        while let bytes = try await got.body.next() { arrived += bytes.readableBytes }
        #expect(arrived == length)
        let both = try Memory.peak() - before
        print("\(length) bytes: \(up) KiB up, \(both) KiB up and down")
        #expect(both < Self.limit)
        try await client.deleteObject(bucket: "pail-large", key: "k")
        try await transport.shutDown()
    }
}

/// This process's memory as Linux tells it.
private enum Memory {
    /// Lets the peak begin anew.
    static func forgetPeak() throws {
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// The peak of resident memory, in KiB.
    static func peak() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
}
