import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

@Suite struct KeyTests {
    @Test func `the root of an account has keys too, which stay after a stop and a start`()
        async throws
    {
        let test = try await TestStore(.disk)
        let directory = test.store.directory
        let account = try await directory.createUser(NewUser(name: "zoe", account: "zoo")).account
        let key = try await directory.createRootKey(of: account, limit: 1)
        #expect(key.holder == .root(account) && key.user == nil && key.isActive)
        await #expect(throws: DirectoryError.self) {
            try await directory.createRootKey(of: account, limit: 2, others: 1)
        }
        #expect(directory.rootKeys(of: account.id) == [key])
        #expect(directory.rootKeys(of: test.root.id).isEmpty)
        let store = try await test.reopened()
        #expect(store.directory.credential(key.id) == key)
        try await store.directory.deleteKey(key)
        #expect(store.directory.credential(key.id) == nil)
        await #expect(throws: DirectoryError.missing(.accessKey, key.id)) {
            try await store.directory.deleteKey(key)
        }
        await #expect(throws: DirectoryError.missing(.accessKey, key.id)) {
            try await store.directory.setKey(key, isActive: false)
        }
        await store.close()
    }

    @Test func `what a key was last used for is written at the end, and goes with the key`()
        async throws
    {
        let test = try await TestStore(.disk)
        let key = try await test.store.directory.createUser(NewUser(name: "ann"))
        #expect(test.store.directory.lastUse(of: key.id) == nil)
        test.store.directory.noteUse(of: key.id, for: "s3", in: "us-east-1")
        test.time.advance(bySeconds: 5)
        test.store.directory.noteUse(of: key.id, for: "iam", in: "us-east-1")
        let use = KeyUse(time: test.time.now(), service: "iam", region: "us-east-1")
        #expect(test.store.directory.lastUse(of: key.id) == use)
        let store = try await test.reopened()
        #expect(store.directory.lastUse(of: key.id) == use)
        try await store.directory.deleteUser("ann")
        let rows = try store.index.read {
            try $0.first("SELECT count(*) FROM key_uses") { $0.integer(0) }
        }
        #expect(rows == 0)
        await store.close()
    }

    @Test func `requests cost no write for what their key is used for`() async throws {
        let test = try await TestStore(.memory)
        let directory = test.store.directory
        let key = try await directory.createUser(NewUser(name: "ann"))
        let before = try test.store.index.writer.use { $0.machineSteps }
        for _ in 0..<100 { directory.noteUse(of: key.id, for: "s3", in: "us-east-1") }
        #expect(try test.store.index.writer.use { $0.machineSteps } == before)
        try await directory.writeUses()
        let written = try test.store.index.writer.use { $0.machineSteps }
        #expect(written > before)
        try await directory.writeUses()
        #expect(try test.store.index.writer.use { $0.machineSteps } == written)
    }
}
