import Foundation
import NIOCore
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

/// What the fault sweep does to a store.
enum Change: String, CaseIterable, CustomTestStringConvertible {
    case putInline, putBlob, overwriteInline, overwriteBlob, delete, deleteVersion, addMarker
    case putVersion, copy, createUpload, putPart, replacePart, complete, abort, encrypt, expire

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
        case .expire:
            // Nobody waits for a lifecycle: what it could not do is in the log, and due again in its next run.
            guard await store.runLifecycles().expired == 1 else {
                throw S3Error(.serviceUnavailable)
            }
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
        let rules = try LifecycleConfiguration(
            document: """
                <LifecycleConfiguration><Rule><Filter><Prefix>big</Prefix></Filter><Status>Enabled</Status>\
                <Expiration><Date>2020-01-01T00:00:00Z</Date></Expiration></Rule></LifecycleConfiguration>
                """.utf8,
            transitionMinimum: .variesByClass
        ) { "rule" }
        try await store.setLifecycle(rules, of: photos)
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

    /// Opens a folder, over a disk that can fail.
    func open(
        _ folder: URL,
        skipping skipped: FaultyFileSystem.Skipped? = nil,
        durability: Durability = .full
    ) throws -> OpenScene {
        let disk = try DiskFileSystem(folder.path(), syncs: true)
        let durable = DurableBlobs(folder.appending(path: "blobs"))
        let files = FaultyFileSystem(disk, durable: durable, skipping: skipped)
        var configuration = TestStore.configuration(folder, time: Self.time)
        configuration.durability = durability
        let store = try Store(configuration, files: files)
        return OpenScene(store: store, files: files, durable: durable, folder: folder)
    }

    /// What a change makes of it where nothing fails.
    func after(_ change: Change) async throws -> Picture {
        let folder = try copy()
        defer { Folders.remove(folder) }
        let open = try open(folder)
        try await change.make(in: open.store)
        let picture = try Picture(of: open.store)
        await open.store.close()
        return picture
    }

    /// What is on the disk for sure, as a folder.
    func cutPower(_ open: OpenScene) throws -> URL {
        let target = try Self.makeFolder()
        let manager = FileManager.default
        try open.durable.write(to: target.appending(path: "blobs"))
        for file in ["index.db", "index.db-wal"] {
            let synced = open.folder.appending(path: "\(file)-durable")
            let isSynced = manager.fileExists(atPath: synced.path())
            let source = isSynced ? synced : folder.appending(path: file)
            guard manager.fileExists(atPath: source.path()) else { continue }
            try manager.copyItem(at: source, to: target.appending(path: file))
        }
        // Written by a way of its own, which always syncs.
        let key = open.folder.appending(path: "master.key")
        if manager.fileExists(atPath: key.path()) {
            try manager.copyItem(at: key, to: target.appending(path: "master.key"))
        }
        return target
    }

    /// Opens what an abrupt end left, and answers what of it is not as it may be.
    func violations(
        in folder: URL,
        _ end: String,
        permitted: [Picture],
        tidying: Bool = true
    ) async -> [Violation] {
        do {
            var configuration = TestStore.configuration(folder, time: Self.time)
            configuration.tidiesUp = tidying
            let store = try Store.open(configuration)
            await store.finishRecovery()
            var found: [Violation] = []
            if !permitted.contains(try Picture(of: store)) { found.append(.init(.wrong, end)) }
            found += try leftBehind(in: store).map { Violation(.left, "\(end): \($0)") }
            found += try await store.check().findings.map {
                Violation(.unsound, "\(end): \($0.detail)")
            }
            try await store.put("writable", large, in: try store.bucket("photos"))
            await store.close()
            return found
        } catch {
            return [Violation(.broken, "\(end): \(error)")]
        }
    }

    private func leftBehind(in store: Store) throws -> [String] {
        let staged = try store.files.names(in: .staging)
        let named = try store.index.read { connection in
            Set(try connection.all("SELECT name FROM blobs WHERE name IS NOT NULL") { $0.text(0) })
        }
        return staged + named.symmetricDifference(try store.files.names(in: .blobs))
    }
}

/// A scene that is open over a disk that can fail, and that remembers what is on it for sure.
struct OpenScene {
    let store: Store
    let files: FaultyFileSystem
    let durable: DurableBlobs
    let folder: URL
}

/// Something that a store promised and did not keep.
struct Violation: Equatable, CustomStringConvertible {
    enum Kind {
        /// What clients see is neither what it was nor what it was to be, or not what was acknowledged.
        case wrong
        /// A file that no row names, or none where a row names one.
        case left
        /// `pail check` finds something.
        case unsound
        /// It cannot be opened, read or written.
        case broken
        /// A full disk was not called one.
        case unclear
    }

    let kind: Kind
    let words: String

    init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }

    var description: String { "\(kind): \(words)" }
}
