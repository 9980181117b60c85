import AHCTransport
import Daemon
import Foundation
import HTTPMessage
import NIOCore
import S3Client
import TestSupport
import Testing

/// What every server must do for the client, over sockets.
@Suite struct DaemonCaseTests {
    @Test(arguments: [false, true])
    func `the daemon answers`(isSecure: Bool) async throws {
        try await RunningDaemon.with { running in
            try await running.withClient(isSecure: isSecure) { client in
                for (number, shown) in ClientCase.all.enumerated() {
                    do {
                        try await shown.runInItsOwnBucket(client, bucket: "case-\(number)")
                    } catch {
                        Issue.record("\(shown): \(error)")
                    }
                }
            }
        }
    }

    @Test func `a certificate that nobody vouches for is not spoken to`() async throws {
        try await RunningDaemon.with { running in
            let error = await #expect(throws: S3ClientError.self) {
                try await running.withClient(
                    isSecure: true,
                    AHCConfiguration(),
                    retry: RetryPolicy(attempts: 1)
                ) { _ = try await $0.listBuckets() }
            }
            #expect(error?.kind == .connection)
        }
    }

    @Test func `a server that is not there is a failed connection`() async throws {
        let transport = try AHCTransport()
        let client = S3Client(
            endpoint: try S3Endpoint(url: "http://127.0.0.1:1"),
            credentials: StaticCredentials(RunningDaemon.credentials.credential),
            transport: transport,
            retry: RetryPolicy(attempts: 2, wait: { _ in })
        )
        let error = await #expect(throws: S3ClientError.self) { _ = try await client.listBuckets() }
        #expect(error?.kind == .connection)
        #expect(error?.advice.isEmpty == false)
        try await transport.shutDown()
    }

    @Test func `a file of certificates that is none is refused by its name`() {
        let error = #expect(throws: S3ClientError.self) {
            try AHCTransport(AHCConfiguration(trustedCertificates: "/nowhere.pem"))
        }
        #expect(error?.message.contains("/nowhere.pem") == true)
    }

    @Test(arguments: [false, true])
    func `a reader that stops in the middle ends nothing but its own reply`(
        isSecure: Bool
    ) async throws {
        try await RunningDaemon.with { running in
            try await running.withClient(isSecure: isSecure) { client in
                try await client.createBucket("photos")
                let bytes = TestBytes.make(3 << 20)
                _ = try await client.putObject(bucket: "photos", key: "k", body: .bytes(bytes))
                for _ in 1...3 {
                    let got = try await client.getObject(bucket: "photos", key: "k")
                    _ = try await got.body.next()
                }
                let got = try await client.getObject(bucket: "photos", key: "k")
                #expect(try await got.body.all() == bytes)
            }
        }
    }
}

/// The same against a server elsewhere, where the environment names one.
@Suite struct ElsewhereTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let endpoint = environment["PAIL_TEST_S3_ENDPOINT"]

    /// The cases that this server is known not to pass, by the beginning of their sentences.
    private static let known = (environment["PAIL_TEST_S3_KNOWN"] ?? "")
        .split(separator: ";").map(String.init)

    @Test(.enabled(if: endpoint != nil, "PAIL_TEST_S3_ENDPOINT names no server"))
    func `the server answers`() async throws {
        let transport = try AHCTransport(
            AHCConfiguration(trustedCertificates: Self.environment["PAIL_TEST_S3_CA"])
        )
        let client = S3Client(
            endpoint: try S3Endpoint(url: Self.endpoint),
            credentials: EnvironmentCredentials(Self.environment),
            transport: transport,
            logger: InProcessS3.silence
        )
        for (number, shown) in ClientCase.all.enumerated() {
            var failure: (any Error)?
            do {
                try await shown.runInItsOwnBucket(client, bucket: "pail-case-\(number)")
            } catch {
                failure = error
            }
            if Self.known.contains(where: { shown.description.hasPrefix($0) }) {
                #expect(failure != nil, "\(shown): it passes now")
            } else if let failure {
                Issue.record("\(shown): \(failure)")
            }
        }
        try await transport.shutDown()
    }
}
