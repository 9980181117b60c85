import Digests
import Foundation
import Logging
import NIOCore
import S3Protocol
import Testing

@testable import ObjectStore

/// Where a store keeps its bytes.
enum Medium: String, CaseIterable, CustomTestStringConvertible {
    case disk
    case memory

    var testDescription: String { rawValue }
}

/// A store over a folder of its own, that goes with the test.
final class TestStore: Sendable {
    let folder: URL?
    let store: Store
    let time: ManualTime
    let bucket: Bucket

    var root: Account { store.directory.rootAccount }

    /// Opens a store with one bucket, `photos`, and an inline limit of 100 bytes.
    init(
        _ medium: Medium,
        time: ManualTime = ManualTime(Timestamp(seconds: 1_700_000_000))
    ) async throws {
        folder =
            medium == .disk
            ? FileManager.default.temporaryDirectory.appending(path: "pail-\(UUID().uuidString)")
            : nil
        self.time = time
        store = try Store.open(Self.configuration(folder, time: time))
        bucket = try await store.createBucket(
            "photos",
            owner: store.directory.rootAccount.id,
            region: "us-east-1"
        )
    }

    deinit {
        if let folder { try? FileManager.default.removeItem(at: folder) }
    }

    static func configuration(_ folder: URL?, time: ManualTime) -> StoreConfiguration {
        StoreConfiguration(
            folder: folder?.path(),
            inlineLimit: 100,
            time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Closes the store and opens it again over the same folder, `kill -9` or not.
    func reopened() async throws -> Store {
        await store.close()
        let store = try Store.open(Self.configuration(folder, time: time))
        await store.finishRecovery()
        return store
    }

    /// The names in one of the store's folders.
    func names(_ folder: Folder) throws -> [String] { try store.files.names(in: folder) }
}

extension Store {
    /// Puts an object in one line.
    @discardableResult
    func put(
        _ key: String,
        _ body: String,
        fields: [Field] = [],
        in bucket: Bucket,
        if check: @escaping WriteCheck = { _ in }
    ) async throws -> StoredObject {
        try await put(
            NewObject(key: key, ownerID: bucket.ownerID, fields: fields),
            body: try staged(body),
            in: bucket,
            if: check
        )
    }

    /// Deletes an object in one line, and answers what was removed.
    @discardableResult
    func delete(_ key: String, in bucket: Bucket) async throws -> StoredObject? {
        try await delete(Deletion(key, by: bucket.ownerID), in: bucket).removed
    }

    /// Stages a body in a few pieces.
    func staged(
        _ body: String,
        checksums: Set<ChecksumAlgorithm> = []
    ) throws -> StagedBody.Finished {
        let staged = stage(sizeHint: nil, checksums: checksums)
        let bytes = Array(body.utf8)
        let step = max(10, bytes.count / 20)
        for start in stride(from: 0, to: bytes.count, by: step) {
            try staged.append(ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)]))
        }
        return try staged.finish()
    }

    /// What a key holds, read to its end.
    func text(_ key: String, in bucket: Bucket, range: Range<Int64>? = nil) throws -> String? {
        try open(key, in: bucket) { range ?? 0..<$0.size }?.content.text()
    }
}

/// A body has another length than it should have.
struct ShortContent: Error {}

extension ObjectContent {
    /// Reads all pieces.
    func text() throws -> String {
        var bytes: [UInt8] = []
        while let piece = try next() {
            switch piece {
            case .bytes(let buffer): bytes += Array(buffer: buffer)
            case .file(let blob, let offset, let count):
                let number = try #require(blob.takeDescriptor())
                let file = FileHandle(fileDescriptor: number, closeOnDealloc: true)
                try file.seek(toOffset: UInt64(offset))
                bytes += Array(try file.read(upToCount: count) ?? Data())
            }
        }
        guard Int64(bytes.count) == size else { throw ShortContent() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A body larger than the tests' inline limit.
let large = String(repeating: "large body ", count: 1000)

/// The code of the ``S3Error`` that `body` throws.
func code(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch let error as S3Error {
        return error.code.name
    } catch {
        return "\(error)"
    }
}
