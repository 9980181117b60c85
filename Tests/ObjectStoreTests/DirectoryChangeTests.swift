import Foundation
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

@Suite struct DirectoryChangeTests {
    @Test(arguments: Medium.allCases)
    func `what holds for a user is its own and its groups'`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let directory = test.store.directory
        let user = try await directory.create(.user, "ann", in: test.root.id)
        let group = try await directory.create(.group, "ann", path: "/g/", in: test.root.id)
        #expect(user.uniqueID.hasPrefix("AIDA") && group.uniqueID.hasPrefix("AGPA"))
        #expect(group.arn == "arn:aws:iam::000000000000:group/g/ann")
        let policy = try await directory.createPolicy(
            "p",
            path: "/",
            description: nil,
            document: "one",
            tags: [],
            in: test.root
        )
        try await directory.put(.managed("AmazonS3FullAccess"), on: user)
        try await directory.put(.attached(arn: policy.arn), on: group)
        let before = directory.revision
        try await directory.set(true, user, in: group)
        #expect(directory.revision != before)
        let amazon = PolicyText.amazon(arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess")
        #expect(directory.policies(of: try directory.user("ann")) == [amazon, .document("one")])
        #expect(directory.members(of: group).map(\.name) == ["ann"])

        #expect(try await directory.addVersion("two", to: policy, inForce: true) == 2)
        #expect(directory.policies(of: try directory.user("ann")) == [amazon, .document("two")])
        await #expect(throws: DirectoryError.self) { try await directory.delete(policy) }
        await #expect(throws: DirectoryError.self) { try await directory.delete(group) }
        try await directory.set(false, user, in: group)
        #expect(directory.policies(of: try directory.user("ann")) == [amazon])
    }

    @Test(arguments: Medium.allCases)
    func `names are one in any case, in an account and a kind`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let directory = test.store.directory
        let user = try await directory.create(.user, "Ann", in: test.root.id)
        await #expect(throws: DirectoryError.exists(.user, "ann")) {
            try await directory.create(.user, "ann", in: test.root.id)
        }
        _ = try await directory.create(.role, "ann", role: .init(trust: "{}"), in: test.root.id)
        try await directory.rename(user, to: "ann", path: nil)
        #expect(directory.users.map(\.name) == ["ann"])
    }

    @Test func `all of it is there after a stop and a start, sessions too`() async throws {
        let test = try await TestStore(.disk)
        let directory = test.store.directory
        let tag = Field("team", "red")
        let role = try await directory.create(
            .role,
            "r",
            role: .init(trust: "{}", description: "why", longestSession: 7200),
            tags: [tag],
            in: test.root.id
        )
        try await directory.set("block", to: [1, 2], of: test.root.id)
        let session = try await directory.begin(
            NewSession(
                account: test.root,
                identity: role.id,
                name: "night",
                policies: [Field("", "{}")],
                tags: [tag],
                seconds: 900
            )
        )
        #expect(!"\(session)".contains(session.secret) && !"\(session)".contains(session.token))

        let store = try await test.reopened()

        #expect(store.directory.session(session.accessKey) == session)
        #expect(store.directory.identity(.role, "r", in: test.root.id) == role)
        #expect(store.directory.setting("block", of: test.root.id) == [1, 2])
        await store.close()
    }

    @Test func `the users of an older index keep their keys, policies and identifiers`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pail-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        do {
            let connection = try Connection("\(folder.path())/index.db", access: .readWrite)
            for step in Schema.steps.prefix(6) { try connection.runScript(step) }
            try connection.runScript(
                """
                PRAGMA user_version = 6;
                INSERT INTO accounts(number, canonical_id, name, email, is_root)
                    VALUES ('000000000000', 'c', 'root', 'root@localhost', 1);
                INSERT INTO users VALUES (7, 1, 'ann', 1000);
                INSERT INTO user_policies VALUES (7, 'AmazonS3FullAccess', NULL), (7, 'own', '{}');
                INSERT INTO access_keys(id, user, secret, is_active, created) VALUES ('K', 7, 'S', 0, 1000);
                """
            )
        }
        let time = ManualTime(Timestamp(seconds: 1_700_000_000))
        let store = try Store.open(TestStore.configuration(folder, time: time))
        let key = try #require(store.directory.credential("K"))
        #expect(key.secret == "S" && !key.isActive)
        #expect(
            key.user?.policies == [
                .managed("AmazonS3FullAccess"), .inline(name: "own", document: "{}"),
            ]
        )
        #expect(key.user?.uniqueID == "AIDA0000000000000007")
        let next = try await store.directory.create(.user, "bob", in: 1)
        #expect(next.id > 7)
        await store.close()
    }

    @Test func `a policy that is attached stays so when the root account gets another number`()
        async throws
    {
        let test = try await TestStore(.disk)
        let directory = test.store.directory
        let policy = try await directory.createPolicy(
            "p",
            path: "/",
            description: nil,
            document: "{}",
            tags: [],
            in: test.root
        )
        let user = try await directory.create(.user, "ann", in: test.root.id)
        try await directory.put(.attached(arn: policy.arn), on: user)
        await test.store.close()
        var configuration = TestStore.configuration(test.folder, time: test.time)
        configuration.rootAccountNumber = "123456789012"
        let store = try Store.open(configuration)
        let found = try store.directory.user("ann")
        #expect(found.policies == [.attached(arn: "arn:aws:iam::123456789012:policy/p")])
        #expect(store.directory.policies(of: found) == [.document("{}")])
        await store.close()
    }
}
