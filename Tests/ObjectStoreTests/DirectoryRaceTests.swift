import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

/// Changes that were decided by what has changed since: two at a time, as two requests make them.
@Suite struct DirectoryRaceTests {
    private let test: TestStore
    private var directory: Directory { test.store.directory }

    init() async throws { test = try await TestStore(.memory) }

    private func role() async throws -> Identity {
        try await directory.create(
            .role,
            "r",
            role: .init(trust: "old", description: "old"),
            tags: [Field("a", "1")],
            in: test.root.id
        )
    }

    private func policy() async throws -> CustomerPolicy {
        try await directory.createPolicy(
            "p",
            path: "/",
            description: nil,
            document: "one",
            tags: [],
            in: test.root
        )
    }

    @Test func `who changes one thing of a role leaves the others as they are by then`()
        async throws
    {
        let role = try await role()
        try await directory.set(RoleChange(trust: "new"), of: role)
        try await directory.set(RoleChange(longestSession: 7200), of: role)
        try await directory.set(RoleChange(description: "new"), of: role)
        let expected = Identity.Role(trust: "new", description: "new", longestSession: 7200)
        #expect(directory.identity(role.id)?.role == expected)
        try await directory.set(RoleChange(description: ""), of: role)
        #expect(directory.identity(role.id)?.role?.description == nil)
    }

    @Test func `tags that two add at a time are all there`() async throws {
        let role = try await role()
        async let one: Void = directory.setTags(of: role) { $0 + [Field("b", "2")] }
        async let two: Void = directory.setTags(of: role) { $0 + [Field("c", "3")] }
        _ = try await (one, two)
        #expect(Set(directory.identity(role.id)?.tags.map(\.name) ?? []) == ["a", "b", "c"])
        let policy = try await policy()
        async let three: Void = directory.setTags(of: policy) { $0 + [Field("b", "2")] }
        async let four: Void = directory.setTags(of: policy) { $0 + [Field("c", "3")] }
        _ = try await (three, four)
        #expect(Set(directory.policy(policy.arn)?.tags.map(\.name) ?? []) == ["b", "c"])
    }

    @Test func `a name is not given back by whoever changes the path of what had it`()
        async throws
    {
        let user = try await directory.create(.user, "ann", in: test.root.id)
        try await directory.rename(user, to: "eve", path: nil)
        await #expect(throws: DirectoryError.changed(.user, "ann")) {
            try await directory.rename(user, to: nil, path: "/x/")
        }
        #expect(directory.users.map(\.arn) == ["arn:aws:iam::000000000000:user/eve"])
    }

    @Test func `a version that was deleted does not come into force, nor goes one that did`()
        async throws
    {
        let policy = try await policy()
        let second = try await directory.addVersion("two", to: policy, inForce: false)
        try await directory.deleteVersion(second, of: policy)
        let missing = DirectoryError.missing(.policy, "\(policy.arn) version v2")
        await #expect(throws: missing) {
            try await directory.putInForce(second, of: policy)
        }
        await #expect(throws: missing) {
            try await directory.deleteVersion(second, of: policy)
        }
        #expect(directory.policy(policy.arn)?.document == "one")
        let third = try await directory.addVersion("three", to: policy, inForce: false)
        try await directory.putInForce(third, of: policy)
        await #expect(throws: DirectoryError.self) {
            try await directory.deleteVersion(third, of: policy)
        }
        #expect(directory.policy(policy.arn)?.document == "three")
    }

    @Test func `nothing is left of what is given to somebody who was deleted meanwhile`()
        async throws
    {
        let user = try await directory.create(.user, "ann", in: test.root.id)
        let group = try await directory.create(.group, "g", in: test.root.id)
        let gone = DirectoryError.missing(.user, "ann")
        try await directory.delete(user)
        await #expect(throws: gone) { try await directory.delete(user) }
        await #expect(throws: gone) { try await directory.createKey(of: user) }
        await #expect(throws: gone) { try await directory.set(true, user, in: group) }
        await #expect(throws: gone) { try await directory.setTags(of: user) { $0 } }
        await #expect(throws: gone) { try await directory.rename(user, to: "eve", path: nil) }
        await #expect(throws: gone) {
            try await directory.put(.managed("AmazonS3FullAccess"), on: user)
        }
        await #expect(throws: DirectoryError.missing(.user, "")) {
            try await directory.begin(
                NewSession(account: test.root, identity: user.id, seconds: 900)
            )
        }
        for table in ["access_keys", "members", "identity_policies", "sessions"] {
            let rows = try test.store.index.read {
                try $0.first("SELECT count(*) FROM \(table)") { $0.integer(0) }
            }
            #expect(rows == 0, "\(table)")
        }
    }

    @Test func `a policy that was deleted meanwhile is attached to nobody`() async throws {
        let user = try await directory.create(.user, "ann", in: test.root.id)
        let policy = try await policy()
        try await directory.delete(policy)
        await #expect(throws: DirectoryError.missing(.policy, policy.arn)) {
            try await directory.put(.attached(arn: policy.arn), on: user)
        }
        #expect(directory.identity(user.id)?.policies == [])
    }

    @Test func `an account has so many groups, and a user is in so many`() async throws {
        let user = try await directory.create(.user, "ann", in: test.root.id)
        for number in 1...Identity.Kind.group.quota {
            let group = try await directory.create(.group, "g\(number)", in: test.root.id)
            if number <= Identity.maximumGroups { try await directory.set(true, user, in: group) }
        }
        await #expect(throws: DirectoryError.self) {
            try await directory.create(.group, "more", in: test.root.id)
        }
        let last = try #require(directory.identity(.group, "G11", in: test.root.id))
        await #expect(throws: DirectoryError.self) {
            try await directory.set(true, user, in: last)
        }
        #expect(directory.identity(user.id)?.groups.count == Identity.maximumGroups)
    }
}
