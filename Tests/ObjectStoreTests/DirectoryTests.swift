import Testing

@testable import ObjectStore

@Suite struct DirectoryTests {
    @Test(arguments: Medium.allCases)
    func `the root account is always there, with the configured number`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        #expect(test.root.number == "000000000000")
        #expect(test.root.canonicalID.count == 64)
        #expect(test.store.directory.account(named: test.root.canonicalID) == test.root)
        #expect(test.store.directory.account(test.root.id) == test.root)
    }

    @Test(arguments: Medium.allCases)
    func `a user gets a key that is found at once`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let key = try await test.store.directory.createUser(
            NewUser(
                name: "anna",
                policies: [.managed("AmazonS3FullAccess"), .inline(name: "own", document: "{}")]
            )
        )

        #expect(key.id.hasPrefix("AKIA"))
        #expect(key.id.count == 20)
        #expect(key.secret.count == 40)
        #expect(!"\(key)".contains(key.secret))
        let found = try #require(test.store.directory.credential(key.id))
        #expect(found == key)
        #expect(found.account == test.root)
        #expect(
            found.user?.policies == [
                .managed("AmazonS3FullAccess"), .inline(name: "own", document: "{}"),
            ]
        )
        #expect(test.store.directory.accessKeys(of: try #require(key.user)) == [key])
    }

    @Test(arguments: Medium.allCases)
    func `an account is made with its first user, and shared by the next`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let directory = test.store.directory
        let first = try await directory.createUser(
            NewUser(name: "a", account: "studio", accessKey: "K", secretKey: "S")
        )
        let second = try await directory.createUser(NewUser(name: "b", account: "studio"))

        #expect(first.id == "K")
        #expect(first.secret == "S")
        #expect(first.account == second.account)
        #expect(first.account.displayName == "studio")
        #expect(first.account.number.count == 12)
        #expect(first.account.canonicalID != test.root.canonicalID)
        #expect(directory.accounts.count == 2)
        #expect(directory.users.map(\.name) == ["a", "b"])
    }

    @Test(arguments: Medium.allCases)
    func `a user goes with the keys, and names and keys are never shared`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let directory = test.store.directory
        let key = try await directory.createUser(NewUser(name: "a"))
        await #expect(throws: DirectoryError.exists(.user, "a")) {
            _ = try await directory.createUser(NewUser(name: "a"))
        }
        await #expect(throws: DirectoryError.accessKeyTaken(key.id)) {
            _ = try await directory.createUser(NewUser(name: "b", accessKey: key.id))
        }
        await #expect(throws: DirectoryError.invalidName("a b")) {
            _ = try await directory.createUser(NewUser(name: "a b"))
        }
        await #expect(throws: DirectoryError.missing(.user, "b")) {
            try await directory.deleteUser("b")
        }
        #expect(directory.users.count == 1)

        try await directory.deleteUser("a")

        #expect(directory.credential(key.id) == nil)
        #expect(directory.users == [])
    }
}
