import Foundation
import S3Protocol
import Synchronization
import Testing

@testable import ObjectStore

@Suite struct BackupTests {
    private func copied(_ folder: URL, _ test: TestStore) throws -> Store {
        try Store.open(TestStore.configuration(folder, time: test.time))
    }

    @Test(arguments: [true, false])
    func `a copy opens and has every object`(copying: Bool) async throws {
        let test = try await TestStore(.disk)
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        try await test.store.put("small", "body", in: test.bucket)
        try await test.store.put("large", large, in: test.bucket)
        try await test.store.put("secret", large, encryption: .managed, in: test.bucket)

        let report = try await test.store.backUp(to: folder.path(), copying: copying)

        #expect(report.blobs == 2 && report.missing == [])
        #expect(report.linked == (copying ? 0 : 2))
        try await test.store.delete("large", in: test.bucket)
        await test.store.close()
        let store = try copied(folder, test)
        await store.finishRecovery()
        let bucket = try store.bucket("photos")
        #expect(try store.text("small", in: bucket) == "body")
        for key in ["large", "secret"] { #expect(try store.text(key, in: bucket) == large) }
        #expect(try await store.check().findings == [])
        try await store.put("more", large, in: bucket)
        await store.close()
        let mode = try FileManager.default.attributesOfItem(
            atPath: folder.appending(path: "index.db").path()
        )[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
    }

    @Test func `while writers write, the copy has all that was acknowledged before, whole`()
        async throws
    {
        let test = try await TestStore(.disk)
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let rounds = Rounds()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask { try await Self.write(by: writer, rounds, test) }
            }
            while rounds.acknowledged.count < 4 { await Task.yield() }
            for attempt in 0..<5 {
                let target = folder.appending(path: "\(attempt)")
                let before = rounds.acknowledged
                let report = try await test.store.backUp(to: target.path())
                #expect(report.missing == [])
                let faults = try await faults(of: target, test, from: before, to: rounds.begun)
                #expect(faults == [])
            }
            rounds.end()
            try await group.waitForAll()
        }
        // What nobody needs any more goes, once nothing is copied.
        await test.store.close()
        let store = try await test.reopened()
        #expect(try store.files.names(in: .blobs).count == 4)
        await store.close()
    }

    /// Overwrites an object of its own, again and again.
    private static func write(by writer: Int, _ rounds: Rounds, _ test: TestStore) async throws {
        let key = "w\(writer)"
        for round in 1...10_000 where !rounds.isOver {
            rounds.begin(round, of: key)
            try await test.store.put(key, body(writer, round), in: test.bucket)
            rounds.acknowledge(round, of: key)
        }
    }

    private static func body(_ writer: Int, _ round: Int) -> String {
        String(repeating: "writer \(writer) round \(round);", count: 50)
    }

    /// What a copy lacks of what was acknowledged before it began, and what it has that nobody wrote.
    private func faults(
        of folder: URL,
        _ test: TestStore,
        from before: [String: Int],
        to after: [String: Int]
    ) async throws -> [String] {
        let store = try copied(folder, test)
        await store.finishRecovery()
        let bucket = try store.bucket("photos")
        var faults: [String] = []
        for writer in 0..<4 {
            let key = "w\(writer)"
            let first = try #require(before[key])
            let last = try #require(after[key])
            let text = try? store.text(key, in: bucket)
            if !(first...last).contains(where: { text == Self.body(writer, $0) }) {
                faults.append(key)
            }
        }
        faults += try await store.check().findings.map { "\($0)" }
        await store.close()
        return faults
    }

    @Test(arguments: [false, true])
    func `a copy that lacks what was acknowledged, or has half of it, is found out`(
        isTorn: Bool
    )
        async throws
    {
        let test = try await TestStore(.disk)
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let target = folder.appending(path: "copy")
        for round in 1...2 {
            for writer in 0..<4 {
                try await test.store.put("w\(writer)", Self.body(writer, round), in: test.bucket)
            }
            guard round == (isTorn ? 2 : 1) else { continue }
            _ = try await test.store.backUp(to: target.path(), copying: true)
        }
        if isTorn {
            let name = try test.blob(of: "w1").lastPathComponent
            try TestStore.flip(target.appending(path: "blobs/\(name)"), at: 7)
        }
        let second = ["w0": 2, "w1": 2, "w2": 2, "w3": 2]
        let faults = try await faults(of: target, test, from: second, to: second)
        #expect(isTorn ? faults.count == 2 && faults[0] == "w1" : faults == second.keys.sorted())
        await test.store.close()
    }

    @Test func `nothing is copied into a folder that has something in it, or into the store`()
        async throws
    {
        let test = try await TestStore(.disk)
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        try Data().write(to: folder.appending(path: "mine"))
        await #expect(throws: BackupError.notEmpty(folder.path())) {
            try await test.store.backUp(to: folder.path())
        }
        let inside = try #require(test.folder).appending(path: "blobs/backup").path()
        await #expect(throws: BackupError.inside(inside)) {
            try await test.store.backUp(to: inside)
        }
        await test.store.close()
        let memory = try await TestStore(.memory)
        await #expect(throws: BackupError.inMemory) {
            try await memory.store.backUp(to: folder.path())
        }
    }

    @Test func `a copy that was not finished is refused`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        _ = try await test.store.backUp(to: folder.path())
        await test.store.close()
        // The index gets its name last but for the marker.
        try FileManager.default.moveItem(
            at: folder.appending(path: "index.db"),
            to: folder.appending(path: "index.db.unfinished")
        )
        #expect(throws: StoreError.indexLost(folder.path())) { try copied(folder, test) }
        // One without blobs would look empty.
        try FileManager.default.removeItem(at: folder.appending(path: "blobs"))
        #expect(throws: StoreError.indexLost(folder.path())) { try copied(folder, test) }
    }

    @Test func `a blob that is missing is named, and the rest is copied`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        try await test.store.put("other", large, in: test.bucket)
        let file = try test.blob(of: "k")
        try FileManager.default.removeItem(at: file)
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let report = try await test.store.backUp(to: folder.path())
        #expect(report.missing == [file.lastPathComponent])
        await test.store.close()
        let store = try copied(folder, test)
        #expect(try store.text("other", in: try store.bucket("photos")) == large)
        await store.close()
    }
}

/// How far writers are.
private final class Rounds: Sendable {
    private struct State {
        var begun: [String: Int] = [:]
        var acknowledged: [String: Int] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    var begun: [String: Int] { state.withLock { $0.begun } }
    var acknowledged: [String: Int] { state.withLock { $0.acknowledged } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func begin(_ round: Int, of key: String) { state.withLock { $0.begun[key] = round } }
    func acknowledge(_ round: Int, of key: String) {
        state.withLock { $0.acknowledged[key] = round }
    }
    func end() { state.withLock { $0.isOver = true } }
}
