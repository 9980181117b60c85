import Digests
import Foundation
import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import Synchronization
import TestSupport
import Testing

@testable import GalleryClient

/// A folder of a test's own, gone with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "gallery-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }
}

/// A bucket of Pail's service in this process, and what was said to it.
struct TestBucket: Sendable {
    let s3: InProcessS3
    let wire: FaultyTransport
    let storage: GalleryStorage

    init(
        _ change: (inout BucketConfiguration) -> Void = { _ in },
        script: @escaping FaultyTransport.Script = { _, _ in nil }
    ) async throws {
        let s3 = try await InProcessS3()
        let wire = FaultyTransport(s3.transport, script)
        var configuration = BucketConfiguration(bucket: "photos")
        change(&configuration)
        storage = GalleryStorage(
            configuration,
            client: try s3.client(over: wire),
            signer: try configuration.publicEndpoint.map { url in
                try s3.client(over: wire, at: S3Endpoint(url: url))
            },
            random: SeededRandom(seed: 7)
        )
        (self.s3, self.wire) = (s3, wire)
    }

    /// What a browser gets that asks for a URL.
    func fetch(
        _ method: HTTPMethod,
        _ url: String,
        headers: HTTPHeaders = [:],
        body: String = ""
    ) async throws -> (status: Int, headers: HTTPHeaders, body: String) {
        let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        var fields = headers
        fields.add(name: "Host", value: String(parts[1]))
        if !body.isEmpty { fields.add(name: "Content-Length", value: String(body.utf8.count)) }
        let response = try await s3.transport.send(
            HTTPRequest(
                method: method,
                target: "/" + parts[2],
                headers: fields,
                body: HTTPBody(ByteBuffer(string: body))
            ),
            to: HTTPOrigin(isSecure: false, host: "127.0.0.1", port: 9000)
        )
        let bytes = try await response.body.all()
        return (Int(response.status.code), response.headers, String(buffer: bytes))
    }
}

/// The places that must all behave alike.
enum Place: String, CaseIterable, CustomTestStringConvertible {
    case bucket, folderOfBucket, folder

    var testDescription: String { rawValue }

    /// Runs a test in a new storage of this kind.
    func withStorage(_ test: (any MediaStorage) async throws -> Void) async throws {
        switch self {
        case .bucket: try await test(try await TestBucket().storage)
        case .folderOfBucket:
            try await test(try await TestBucket { $0.location = "media/x" }.storage)
        case .folder:
            let folder = try TemporaryFolder()
            let configuration = FolderConfiguration(path: folder.path + "/made/later")
            try await test(FolderStorage(configuration, random: SeededRandom(seed: 7)))
            withExtendedLifetime(folder) {}
        }
    }
}

extension MediaStorage {
    /// Stores a text.
    @discardableResult
    func save(
        _ text: String,
        as name: String,
        _ policy: SaveOptions.NamePolicy? = nil
    ) async throws -> SavedFile {
        let options = SaveOptions(policy: policy)
        return try await save(.bytes(ByteBuffer(string: text)), named: name, options: options)
    }

    /// Reads a text.
    func text(_ name: String, _ range: Range<Int64>? = nil) async throws -> String {
        String(buffer: try await open(name, range: range).body.collect(upTo: 1 << 26))
    }
}

/// The error that a storage throws.
func failure(_ body: () async throws -> Void) async -> StorageError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? StorageError
    }
}

/// Numbers that were told.
final class Told: Sendable {
    private let numbers = Mutex<[Int64]>([])
    var all: [Int64] { numbers.withLock { $0 } }
    func add(_ number: Int64) { numbers.withLock { $0.append(number) } }
}

extension MediaStorage {
    /// Whether there is no such file.
    func lacks(_ name: String) async throws -> Bool {
        let isThere = try await exists(name)
        let file = try await stat(name)
        return !isThere && file == nil
    }
}
