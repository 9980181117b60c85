import Foundation
import NIOCore
import S3Protocol
import SQLite
import Synchronization
import Testing

@testable import ObjectStore

extension TestStore {
    /// The file of the only blob, or of the one that a key has.
    func blob(of key: String) throws -> URL {
        let object = try #require(try store.object(key, in: bucket))
        let id = try #require(object.blobID)
        let name = try #require(try store.index.read { try $0.blob(id)?.fileName })
        return try #require(folder).appending(path: "blobs/\(name)")
    }

    /// Changes a byte of a file.
    static func flip(_ file: URL, at offset: Int) throws {
        var bytes = try Data(contentsOf: file)
        bytes[offset] ^= 1
        try bytes.write(to: file)
    }

    func kinds(_ report: CheckReport) -> [Finding.Kind] { report.findings.map(\.kind) }
}

@Suite struct CheckTests {
    @Test(arguments: Medium.allCases)
    func `a store in which all is well has no findings`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        try await test.store.put("small", "body", in: test.bucket)
        try await test.store.put("large", large, in: test.bucket)
        try await test.store.put("secret", large, encryption: .managed, in: test.bucket)
        try await test.store.put("small secret", "hush", encryption: .managed, in: test.bucket)
        let steps = Mutex<Set<String>>([])

        let report = try await test.store.check { step in
            steps.withLock { _ = $0.insert(step.step) }
        }

        #expect(report.findings == [])
        #expect(report.blobs == 4)
        #expect(report.bytes == Int64(2 * large.utf8.count + 8))
        #expect(report.locked == 0)
        #expect(steps.withLock { $0 } == ["index", "blobs", "names"])
    }

    @Test func `a changed byte is found, and set aside only where that is asked for`() async throws
    {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        try await test.store.put("whole", large, in: test.bucket)
        let file = try test.blob(of: "k")
        try TestStore.flip(file, at: 5000)

        let looked = try await test.store.check()
        #expect(test.kinds(looked) == [.damaged])
        #expect(looked.findings.first?.objects == ["photos/k"])
        #expect(looked.findings.first?.remedy == nil)
        #expect(FileManager.default.fileExists(atPath: file.path()))

        let repaired = try await test.store.check(CheckOptions(repairs: true))
        #expect(repaired.findings.first?.remedy != nil)
        let quarantine = try #require(test.folder).appending(path: "quarantine")
        let kept = try FileManager.default.contentsOfDirectory(atPath: quarantine.path())
        #expect(kept == [file.lastPathComponent])
        #expect(throws: DamagedBlob.self) { try test.store.text("k", in: test.bucket) }
        #expect(try test.store.text("whole", in: test.bucket) == large)

        let again = try await test.store.check()
        #expect(test.kinds(again) == [.missing])
        try await test.store.put("k", "new", in: test.bucket)
        #expect(try await test.store.check().findings == [])
        await test.store.close()
    }

    @Test(arguments: ["record", "short", "length", "gone"])
    func `each kind of damage to a file is found`(damage: String) async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        let file = try test.blob(of: "k")
        let bytes = try Data(contentsOf: file)
        switch damage {
        case "record": try TestStore.flip(file, at: bytes.count - 40)
        case "short": try bytes.dropLast(9000).write(to: file)
        case "length": try (Data([0x78]) + bytes).write(to: file)
        default: try FileManager.default.removeItem(at: file)
        }
        let report = try await test.store.check(CheckOptions(repairs: true))
        #expect(test.kinds(report) == [damage == "gone" ? .missing : .damaged])
        #expect(throws: DamagedBlob.self) { try test.store.text("k", in: test.bucket) }
        await test.store.close()
    }

    @Test func `what is encrypted is opened, and damage in it found`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, encryption: .managed, in: test.bucket)
        try await test.store.put("s", "small", encryption: .managed, in: test.bucket)
        try TestStore.flip(try test.blob(of: "k"), at: 100)
        _ = try await test.store.index.write { connection in
            try connection.run(
                "UPDATE blobs SET data = zeroblob(length(data)) WHERE data IS NOT NULL"
            )
        }
        #expect(test.kinds(try await test.store.check()) == [.damaged, .damaged])
        await test.store.close()
    }

    @Test(arguments: Medium.allCases)
    func `parts are compared too, encrypted and small ones, of uploads under way as well`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        for isOver in [true, false] {
            var object = NewObject(key: "parts \(isOver)", ownerID: test.root.id)
            object.encryption = .managed
            let upload = try await test.store.createUpload(
                NewUpload(object: object),
                in: test.bucket
            )
            var parts: [Completion.Part] = []
            for (place, text) in [String(repeating: "p", count: 5 << 20), "tail"].enumerated() {
                let sealing = try await test.store.sealing(for: .managed)
                let staged = test.store.stage(sizeHint: nil, sealing: sealing)
                try staged.append(ByteBuffer(string: text))
                let part = try await test.store.putPart(
                    place + 1,
                    of: upload,
                    body: try staged.finish(),
                    in: test.bucket
                )
                parts.append(.init(number: place + 1, etag: part.etag))
            }
            guard isOver else { continue }
            let completion = Completion(parts: parts)
            let whole = try await test.store.complete(upload, with: completion, in: test.bucket)
            let copy = NewObject(key: "copy", ownerID: test.root.id)
            var same = copy
            same.encryption = .managed
            _ = try await test.store.link(same, contentOf: whole, in: test.bucket)
        }
        let report = try await test.store.check()
        #expect(report.findings == [])
        // Two parts of each, and on disk the one's manifest; the copy shares them.
        #expect(report.blobs == (medium == .disk ? 5 : 4))
        #expect(report.bytes == 2 * ((5 << 20) + 4))

        guard let folder = test.folder else { return }
        let tails = try test.store.index.read { connection in
            try connection.all("SELECT name FROM blobs WHERE size = 4") { $0.text(0) }
        }
        for name in tails { try TestStore.flip(folder.appending(path: "blobs/\(name)"), at: 1) }
        let damaged = try await test.store.check()
        #expect(test.kinds(damaged) == [.damaged, .damaged])
        #expect(
            damaged.findings.map(\.objects) == [
                ["photos/copy", "photos/parts true"], ["photos/parts false"],
            ]
        )
        #expect(try await scrub(test.store) == [3, 2])
        await test.store.close()
    }

    @Test func `what is encrypted under a client's key is looked at as far as it can be`()
        async throws
    {
        let test = try await TestStore(.disk)
        let key = try #require(CustomerKey([UInt8](repeating: 7, count: 32)))
        let encryption = test.store.encryption(under: key)
        try await test.store.put("k", large, encryption: encryption, key, in: test.bucket)
        let report = try await test.store.check()
        #expect(report.findings == [])
        #expect(report.locked == 1)
        let file = try test.blob(of: "k")
        try Data(contentsOf: file).dropFirst(1).write(to: file)
        #expect(test.kinds(try await test.store.check()) == [.damaged])
        await test.store.close()
    }

    @Test func `a file that nothing names is found, and moved where that is asked for`()
        async throws
    {
        let test = try await TestStore(.disk)
        await test.store.close()
        let folder = try #require(test.folder)
        let name = "00000001-stray"
        try Data("x".utf8).write(to: folder.appending(path: "blobs/\(name)"))
        var configuration = TestStore.configuration(folder, time: test.time)
        configuration.tidiesUp = false
        let store = try Store.open(configuration)
        #expect(test.kinds(try await store.check()) == [.unnamed])
        #expect(test.kinds(try await store.check(CheckOptions(repairs: true))) == [.unnamed])
        #expect(try await store.check().findings == [])
        let moved = folder.appending(path: "quarantine/\(name)")
        #expect(FileManager.default.fileExists(atPath: moved.path()))
        await store.close()
    }

    @Test func `an index that does not agree with itself is found, and counts are mended`()
        async throws
    {
        let test = try await TestStore(.disk)
        try await test.store.put("a", large, in: test.bucket)
        try await test.store.put("b", large, in: test.bucket)
        let owner = test.root.id
        let source = try #require(try test.store.object("a", in: test.bucket))
        let copy = NewObject(key: "copy", ownerID: owner)
        _ = try await test.store.link(copy, contentOf: source, in: test.bucket)
        // With one user too few, deleting one of the two would take the other's bytes.
        _ = try await test.store.index.write { try $0.run("UPDATE blobs SET uses = 1") }

        let report = try await test.store.check(CheckOptions(repairs: true))
        #expect(test.kinds(report) == [.index])
        #expect(try await test.store.check().findings == [])
        try await test.store.delete("a", in: test.bucket)
        #expect(try test.store.text("copy", in: test.bucket) == large)

        _ = try await test.store.index.write { connection in
            try connection.run("DELETE FROM blobs WHERE id = ?1", .integer(source.blobID))
        }
        #expect(test.kinds(try await test.store.check()).first == .index)
        await test.store.close()
    }

    @Test func `scrubbing notes what is bad, and forgives what is sound again`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        try await test.store.put("s", "small", in: test.bucket)
        let file = try test.blob(of: "k")
        try TestStore.flip(file, at: 5000)

        #expect(try await scrub(test.store) == [1, 1])
        #expect(throws: DamagedBlob.self) { try test.store.text("k", in: test.bucket) }
        // Nothing new is made of what is known to be bad.
        let source = try #require(try test.store.object("k", in: test.bucket))
        let copy = NewObject(key: "copy", ownerID: test.root.id)
        await #expect(throws: DamagedBlob.self) {
            try await test.store.link(copy, contentOf: source, in: test.bucket)
        }
        #expect(FileManager.default.fileExists(atPath: file.path()))

        try TestStore.flip(file, at: 5000)
        #expect(try await scrub(test.store) == [2, 0])
        #expect(try test.store.text("k", in: test.bucket) == large)
        await test.store.close()
    }

    @Test func `scrubbing takes its time`() async throws {
        let test = try await TestStore(.memory)
        try await test.store.put("k", large, in: test.bucket)
        let clock = ContinuousClock()
        let time = try await clock.measure {
            try await test.store.scrub(bytesPerSecond: Int64(large.utf8.count) * 10) { _ in }
        }
        #expect(time >= .milliseconds(100))
    }

    /// How many blobs were verified, and how many were bad.
    private func scrub(_ store: Store) async throws -> [Int] {
        let counts = Mutex([0, 0])
        try await store.scrub(bytesPerSecond: 1 << 40) { event in
            counts.withLock { counts in
                if event == .verified { counts[0] += 1 }
                if case .bad = event { counts[1] += 1 }
            }
        }
        return counts.withLock { $0 }
    }
}

extension Store {
    /// Puts an encrypted object in one line.
    @discardableResult
    func put(
        _ key: String,
        _ text: String,
        encryption: ObjectEncryption,
        _ customerKey: CustomerKey? = nil,
        in bucket: Bucket
    ) async throws -> StoredObject {
        var new = NewObject(key: key, ownerID: bucket.ownerID)
        new.encryption = encryption
        let sealing = try await sealing(for: encryption, customerKey: customerKey)
        let staged = stage(sizeHint: nil, sealing: sealing)
        try staged.append(ByteBuffer(string: text))
        return try await put(new, body: try staged.finish(), in: bucket)
    }
}
