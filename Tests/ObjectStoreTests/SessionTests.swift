import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

@Suite struct SessionTests {
    private func new(_ account: Account, _ seconds: Int64 = 900) -> NewSession {
        NewSession(account: account, identity: nil, seconds: seconds)
    }

    private func rows(_ store: Store) throws -> Int64? {
        try store.index.read { try $0.first("SELECT count(*) FROM sessions") { $0.integer(0) } }
    }

    @Test(arguments: Medium.allCases)
    func `a session is forgotten a day after its end`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let directory = test.store.directory
        let old = try await directory.begin(new(test.root))
        test.time.advance(bySeconds: 86_400 + 900)
        _ = try await directory.begin(new(test.root))
        #expect(directory.session(old.accessKey) == old)
        test.time.advance(bySeconds: 1)
        #expect(directory.session(old.accessKey) == nil)
        // Its row goes when one begins a minute after the last look.
        _ = try await directory.begin(new(test.root))
        #expect(try rows(test.store) == 3)
        test.time.advance(bySeconds: 59)
        _ = try await directory.begin(new(test.root))
        #expect(try rows(test.store) == 3)
    }

    @Test func `an account has so many sessions at a time, and those that ended make room`()
        async throws
    {
        let time = ManualTime(Timestamp(seconds: 1_700_000_000))
        var configuration = TestStore.configuration(nil, time: time)
        configuration.sessionLimit = 3
        let store = try Store.open(configuration)
        let directory = store.directory
        let root = directory.rootAccount
        let other = try await directory.createUser(NewUser(name: "zoe", account: "zoo")).account
        let short = try await directory.begin(new(root, 900))
        for _ in 0..<2 { _ = try await directory.begin(new(root, 3600)) }
        await #expect(throws: DirectoryError.self) { try await directory.begin(new(root)) }
        _ = try await directory.begin(new(other))
        time.advance(bySeconds: 899)
        await #expect(throws: DirectoryError.self) { try await directory.begin(new(root)) }
        time.advance(bySeconds: 61)
        _ = try await directory.begin(new(root))
        #expect(directory.session(short.accessKey) == nil)
        #expect(try rows(store) == 4)
        await #expect(throws: DirectoryError.self) { try await directory.begin(new(root)) }
        await store.close()
    }

    @Test func `a session that could not begin takes nobody's room`() async throws {
        let time = ManualTime(Timestamp(seconds: 1_700_000_000))
        var configuration = TestStore.configuration(nil, time: time)
        configuration.sessionLimit = 1
        let store = try Store.open(configuration)
        let gone = NewSession(account: store.directory.rootAccount, identity: 77, seconds: 900)
        for _ in 0..<3 {
            await #expect(throws: DirectoryError.missing(.user, "")) {
                try await store.directory.begin(gone)
            }
        }
        _ = try await store.directory.begin(new(store.directory.rootAccount))
        await store.close()
    }

    @Test func `the sessions of whoever was deleted make room`() async throws {
        let time = ManualTime(Timestamp(seconds: 1_700_000_000))
        var configuration = TestStore.configuration(nil, time: time)
        configuration.sessionLimit = 1
        let store = try Store.open(configuration)
        let root = store.directory.rootAccount
        let user = try await store.directory.create(.user, "ann", in: root.id)
        let session = NewSession(account: root, identity: user.id, seconds: 3600)
        _ = try await store.directory.begin(session)
        try await store.directory.delete(user)
        time.advance(bySeconds: 60)
        _ = try await store.directory.begin(new(root))
        await store.close()
    }

    @Test func `beginning a session costs the same among many`() async throws {
        let test = try await TestStore(.memory)
        let directory = test.store.directory
        func cost() async throws -> Int64 {
            let before = try test.store.index.writer.use { $0.machineSteps }
            _ = try await directory.begin(new(test.root))
            return try test.store.index.writer.use { $0.machineSteps } - before
        }
        _ = try await cost()
        let few = try await cost()
        for _ in 0..<500 { _ = try await directory.begin(new(test.root)) }
        #expect(try await cost() <= few + 20)
        // The look for what can be forgotten goes by an index.
        test.time.advance(bySeconds: SessionTable.pause)
        #expect(try await cost() <= few + 100)
    }

    @Test func `when a session began is there after a stop and a start`() async throws {
        let test = try await TestStore(.disk)
        let session = try await test.store.directory.begin(new(test.root))
        #expect(session.began == test.time.now())
        let store = try await test.reopened()
        #expect(store.directory.session(session.accessKey) == session)
        await store.close()
    }
}
