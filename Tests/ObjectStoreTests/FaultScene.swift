import Foundation
import NIOCore
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

/// What the fault sweep does to a store.
enum Change: String, CaseIterable, CustomTestStringConvertible {
    case putInline, putBlob, overwriteInline, overwriteBlob, delete, deleteVersion, addMarker
    case putVersion, copy, createUpload, putPart, replacePart, complete, abort, encrypt

    var testDescription: String { rawValue }

    func make(in store: Store) async throws {
        let photos = try store.bucket("photos")
        let kept = try store.bucket("kept")
        switch self {
        case .putInline: try await store.put("new", "body", in: photos)
        case .putBlob: try await store.put("new", large + large, in: photos)
        case .overwriteInline: try await store.put("small", "new", in: photos)
        case .overwriteBlob: try await store.put("big", large + large, in: photos)
        case .delete: try await store.delete("big", in: photos)
        case .deleteVersion:
            let id = try store.object("v", in: kept)?.versionID.flatMap { VersionID($0) }
            let version = ObjectVersion.id(try #require(id))
            _ = try await store.delete(Deletion("v", version: version, by: kept.ownerID), in: kept)
        case .addMarker: try await store.delete("v", in: kept)
        case .putVersion: try await store.put("v", large, in: kept)
        case .copy:
            let source = try #require(try store.object("big", in: photos))
            let new = NewObject(key: "copy", ownerID: photos.ownerID)
            _ = try await store.link(new, contentOf: source, in: photos)
        case .createUpload:
            let new = NewUpload(object: NewObject(key: "other", ownerID: photos.ownerID))
            _ = try await store.createUpload(new, in: photos)
        case .encrypt:
            var new = NewObject(key: "secret", ownerID: photos.ownerID)
            new.encryption = .managed
            let staged = store.stage(sizeHint: nil, sealing: try await store.sealing(for: .managed))
            try staged.append(ByteBuffer(string: large))
            _ = try await store.put(new, body: try staged.finish(), in: photos)
        case .putPart, .replacePart, .complete, .abort: try await changeUpload(in: store, photos)
        }
    }

    private func changeUpload(in store: Store, _ bucket: Bucket) async throws {
        let id = try store.index.read { try $0.first("SELECT id FROM uploads") { $0.text(0) } }
        let upload = try store.upload(try #require(id), key: "parts", in: bucket)
        switch self {
        case .putPart, .replacePart:
            let body = try store.staged("part \(self)")
            let number = self == .putPart ? 3 : 1
            _ = try await store.putPart(number, of: upload, body: body, in: bucket)
        case .complete:
            let part = try #require(try store.parts(of: upload, limit: 1).parts.first)
            let completion = Completion(parts: [.init(number: 1, etag: part.etag)])
            _ = try await store.complete(upload, with: completion, in: bucket)
        default: try await store.abort(upload)
        }
    }
}

/// Everything that clients can see of a store, without the names that nobody chose.
struct Picture: Equatable {
    let lines: [String]

    init(of store: Store) throws {
        let versions = try store.index.read { connection in
            try connection.all(
                "SELECT \(StoredObject.columns) FROM versions ORDER BY bucket, key, sequence"
            ) { StoredObject($0) }
        }
        let uploads = try store.index.read { connection in
            try connection.all(
                "SELECT \(Upload.columns) FROM uploads ORDER BY bucket, key, id"
            ) { Upload($0).completed($0) }
        }
        let objects = try versions.map { object -> String in
            let body =
                object.isDeleteMarker
                ? "marker" : try store.content(of: object, range: 0..<object.size).text()
            return "\(object.bucketID) \(object.key) \(object.versionID == nil) \(body)"
        }
        lines =
            objects
            + (try uploads.map { upload in
                let parts = try store.index.read { try $0.parts(of: upload) }
                let words = parts.map { "\($0.number):\($0.etag)" }.joined(separator: " ")
                return "\(upload.key) \(upload.result != nil) \(words)"
            })
    }
}

/// A file of bodies that no row names, or none where a row names one.
struct LeftBehind: Error {
    let names: Set<String>
}

/// A store with something of everything, to be copied for each try.
struct Scene {
    let folder: URL
    let before: Picture
    private static let time = ManualTime(Timestamp(seconds: 1_700_000_000))

    /// In memory where the system has such a folder: what is tried here is failing, not waiting.
    private static func makeFolder() throws -> URL {
        let shared = URL(filePath: "/dev/shm")
        guard FileManager.default.isWritableFile(atPath: shared.path()) else {
            return try Folders.make()
        }
        let folder = shared.appending(path: "pail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func prepare() async throws -> Scene {
        let folder = try makeFolder()
        let store = try Store.open(TestStore.configuration(folder, time: time))
        let owner = store.directory.rootAccount.id
        let photos = try await store.createBucket("photos", owner: owner, region: "r")
        let kept = try await store.createBucket(
            "kept",
            owner: owner,
            region: "r",
            versioning: .enabled
        )
        try await store.put("small", "old", in: photos)
        try await store.put("big", large, in: photos)
        for body in ["first", large, "third"] { try await store.put("v", body, in: kept) }
        let new = NewUpload(object: NewObject(key: "parts", ownerID: owner))
        let upload = try await store.createUpload(new, in: photos)
        for number in [1, 2] {
            let body = try store.staged("part \(number)")
            _ = try await store.putPart(number, of: upload, body: body, in: photos)
        }
        let before = try Picture(of: store)
        await store.close()
        return Scene(folder: folder, before: before)
    }

    /// Copies the folder, or another as an abrupt end leaves it: bodies first, so that none is missed that the index names.
    func copy(of other: URL? = nil) throws -> URL {
        let source = other ?? folder
        let target = try Self.makeFolder()
        let manager = FileManager.default
        for name in ["blobs", "staging"] {
            let (from, to) = (source.appending(path: name), target.appending(path: name))
            try manager.createDirectory(at: to, withIntermediateDirectories: true)
            for file in try manager.contentsOfDirectory(atPath: from.path()) {
                // The sweeper may be at work.
                try? manager.copyItem(at: from.appending(path: file), to: to.appending(path: file))
            }
        }
        for file in ["index.db", "index.db-wal", "master.key"] {
            let from = source.appending(path: file)
            guard manager.fileExists(atPath: from.path()) else { continue }
            try manager.copyItem(at: from, to: target.appending(path: file))
        }
        return target
    }

    func open(_ folder: URL) throws -> (Store, FaultyFileSystem) {
        let disk = try DiskFileSystem(folder.path(), syncs: true)
        let files = FaultyFileSystem(disk)
        let configuration = TestStore.configuration(folder, time: Self.time)
        return (try Store(configuration, files: files), files)
    }

    /// What a change makes of it where nothing fails.
    func after(_ change: Change) async throws -> (picture: Picture, isNew: Bool) {
        let folder = try copy()
        defer { Folders.remove(folder) }
        let (store, _) = try open(folder)
        try await change.make(in: store)
        let picture = try Picture(of: store)
        await store.close()
        return (picture, picture != before)
    }

    /// Opens what an abrupt end at this moment leaves, and holds it to what it may be.
    func requireRecovery(
        of folder: URL,
        to permitted: [Picture],
        tidying: Bool = true
    ) async throws {
        let copy = try copy(of: folder)
        defer { Folders.remove(copy) }
        var configuration = TestStore.configuration(copy, time: Self.time)
        configuration.tidiesUp = tidying
        let store = try Store.open(configuration)
        await store.finishRecovery()
        let picture = try Picture(of: store)
        #expect(permitted.contains(picture), "after an abrupt end it is neither")
        try await requireNothingLeft(in: store)
        let report = try await store.check()
        #expect(report.findings == [])
        try await store.put("writable", large, in: try store.bucket("photos"))
        await store.close()
    }

    private func requireNothingLeft(in store: Store) async throws {
        #expect(try store.files.names(in: .staging) == [])
        let named = try store.index.read { connection in
            Set(try connection.all("SELECT name FROM blobs WHERE name IS NOT NULL") { $0.text(0) })
        }
        let found = Set(try store.files.names(in: .blobs))
        guard found == named else { throw LeftBehind(names: found.symmetricDifference(named)) }
    }
}
