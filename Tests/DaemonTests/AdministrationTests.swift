import Foundation
import Testing

@testable import Daemon

@Suite struct AdministrationTests {
    private let readPhotos = """
        {"Version": "2012-10-17", "Statement":
          {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}}
        """

    /// Runs a test against a folder that a daemon has open, or nobody has.
    private func administrate(
        running: Bool,
        pathLength: Int = 0,
        _ body: (Administration, TemporaryFolder) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder(pathLength: pathLength)
        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        configuration.storage = .folder(folder.path)
        let daemon = try await Daemon.start(configuration, log: KeptLines().output())
        if !running { await daemon.shutDown() }
        try await body(Administration(folder: folder.path), folder)
        if running { await daemon.shutDown() }
    }

    @Test(arguments: [true, false])
    func `users are made, listed and deleted with the daemon running and stopped`(
        running: Bool
    ) async throws {
        try await administrate(running: running) { (administration, folder) async throws in
            let policy = try folder.file("read-photos.json", readPhotos)
            let ann = try await administration.createUser(
                "ann",
                account: nil,
                policies: ["AmazonS3ReadOnlyAccess", policy],
                accessKey: nil,
                secretKey: nil
            )
            let bob = try await administration.createUser(
                "bob",
                account: "team",
                policies: [],
                accessKey: "AKIABOB",
                secretKey: "hush"
            )

            #expect(ann.policies == ["AmazonS3ReadOnlyAccess", "read-photos"])
            #expect(ann.accountNumber == "000000000000")
            #expect(ann.canonicalID.count == 64)
            #expect(ann.secret?.count == 40)
            #expect(bob.account == "team")
            #expect(bob.canonicalID != ann.canonicalID)
            #expect((bob.accessKey, bob.secret) == ("AKIABOB", "hush"))
            let users = try await administration.users()
            #expect(users.map(\.name) == ["ann", "bob"])
            #expect(users.allSatisfy { $0.secret == nil })

            try await administration.deleteUser("bob", account: "team")
            #expect(try await administration.users().map(\.name) == ["ann"])
        }
    }

    @Test(arguments: [true, false])
    func `policies and keys are changed with the daemon running and stopped`(
        running: Bool
    ) async throws {
        try await administrate(running: running) { (administration, folder) async throws in
            let first = try await administration.createUser(
                "ann",
                account: nil,
                policies: [],
                accessKey: nil,
                secretKey: nil
            )
            try await administration.attachPolicy("IAMFullAccess", to: "ann", account: nil)
            let file = try folder.file("p.json", readPhotos)
            try await administration.putPolicy("read", file: file, on: "ann", account: nil)
            let policies = try await administration.policies(of: "ann", account: nil)
            #expect(policies.map(\.row).last == "read\town")
            #expect(policies.map(\.arn) == ["arn:aws:iam::aws:policy/IAMFullAccess", nil])
            #expect(policies.map(\.document) == [nil, readPhotos])
            for name in ["read", "arn:aws:iam::aws:policy/IAMFullAccess"] {
                try await administration.removePolicy(name, from: "ann", account: nil)
            }
            #expect(try await administration.policies(of: "ann", account: nil).isEmpty)

            let second = try await administration.createKey(
                of: "ann",
                account: nil,
                accessKey: "AKIASECOND",
                secretKey: "hush"
            )
            #expect(second.secret == "hush")
            let old = try #require(first.accessKey)
            try await administration.setKey(old, isActive: false)
            let keys = try await administration.keys(of: "ann", account: nil)
            #expect(keys.contains { $0.accessKey == old && !$0.isActive })
            #expect(keys.contains { $0.accessKey == "AKIASECOND" && $0.isActive })
            try await administration.setKey(old, isActive: true)
            #expect(try await administration.keys(of: nil, account: nil).allSatisfy(\.isActive))
            let root = try await administration.createKey(
                of: nil,
                account: nil,
                accessKey: nil,
                secretKey: nil
            )
            #expect(root.name == "(root)" && root.account == "root" && root.secret != nil)
            let listed = try await administration.keys(of: nil, account: nil)
            #expect(listed.map(\.user) == ["(root)", "ann", "ann"])
            try await administration.deleteKey(try #require(root.accessKey))
            for key in [old, "AKIASECOND"] { try await administration.deleteKey(key) }
            #expect(try await administration.users().map(\.accessKey) == [nil])
            #expect(try await administration.users().first?.row == "ann\troot\t-\t-")
        }
    }

    @Test(arguments: [true, false])
    func `a wrong policy or key is refused in words`(running: Bool) async throws {
        try await administrate(running: running) { (administration, folder) async throws in
            _ = try await administration.createUser(
                "ann",
                account: nil,
                policies: [],
                accessKey: nil,
                secretKey: nil
            )
            let bad = try folder.file("bad.json", "{}")
            await #expect(throws: Refusal("There is no policy named NoSuch.")) {
                try await administration.attachPolicy("NoSuch", to: "ann", account: nil)
            }
            await #expect(throws: Refusal.self) {
                try await administration.putPolicy("p", file: bad, on: "ann", account: nil)
            }
            await #expect(throws: Refusal.self) {
                try await administration.putPolicy("a/b", file: bad, on: "ann", account: nil)
            }
            await #expect(throws: Refusal("There is no policy named p.")) {
                try await administration.removePolicy("p", from: "ann", account: nil)
            }
            await #expect(throws: Refusal("There is no access key named K.")) {
                try await administration.setKey("K", isActive: true)
            }
            await #expect(throws: Refusal("There is no user named bob.")) {
                _ = try await administration.keys(of: "bob", account: nil)
            }
        }
    }

    @Test(arguments: [true, false])
    func `a refusal changes nothing and says why`(running: Bool) async throws {
        try await administrate(running: running) { (administration, folder) async throws in
            let condition =
                #"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Conditions": {}}}"#
            let bad = try folder.file("bad.json", condition)
            let cases: [(policies: [String], key: String?, secret: String?, words: String)] = [
                ([bad], nil, nil, "Condition"),
                (["NoSuchPolicy"], nil, nil, "neither"),
                ([bad, bad], nil, nil, "bad"),
                (["AmazonS3FullAccess", "AmazonS3FullAccess"], nil, nil, "same name"),
                ([], "AKIA", nil, "together"),
                ([], "a/b", "s", "letters"),
            ]
            for (policies, key, secret, words) in cases {
                let error = await #expect(throws: Refusal.self) {
                    try await administration.createUser(
                        "ann",
                        account: nil,
                        policies: policies,
                        accessKey: key,
                        secretKey: secret
                    )
                }
                #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            }
            await #expect(throws: Refusal("There is no user named ann.")) {
                try await administration.deleteUser("ann", account: nil)
            }
            #expect(try await administration.users().isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `no user gets the root account's access key`(running: Bool) async throws {
        try await administrate(running: running) { (administration, folder) async throws in
            let root = try #require(try CredentialsFile(folder: folder.path).read())
            await #expect(throws: Refusal.self) {
                try await administration.createUser(
                    "ann",
                    account: nil,
                    policies: [],
                    accessKey: root.accessKey,
                    secretKey: "s"
                )
            }
        }
    }

    @Test func `the socket is its owner's alone, and gone with the daemon`() async throws {
        var kept: TemporaryFolder?
        try await administrate(running: true) { (administration, folder) async throws in
            kept = folder
            #expect(try folder.mode("admin.sock") == 0o600)
            #expect(try await administration.status()?.processID == getpid())
        }
        let folder = try #require(kept)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/admin.sock"))
        #expect(try await Administration(folder: folder.path).status() == nil)
    }

    @Test func `a folder whose path is longer than a socket's may be works as well`() async throws {
        try await administrate(running: true, pathLength: 300) {
            (administration, folder) async throws in
            #expect(try folder.mode("admin.sock") == 0o600)
            #expect(try await administration.status()?.endpoints.count == 1)
        }
    }

    @Test func `a socket that was left behind is no daemon, and no obstacle to one`() async throws {
        let folder = try TemporaryFolder()
        let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: "\(folder.path)/admin.sock".utf8)
        }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(left, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(left)
        #expect(bound == 0)
        #expect(try await Administration(folder: folder.path).status() == nil)

        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        configuration.storage = .folder(folder.path)
        let daemon = try await Daemon.start(configuration, log: KeptLines().output())
        #expect(try await Administration(folder: folder.path).status() != nil)
        await daemon.shutDown()
    }

    @Test func `asking who is in a folder does not make it`() async throws {
        let folder = try TemporaryFolder()
        let administration = Administration(folder: "\(folder.path)/typing-error")

        await #expect(throws: Refusal.self) { try await administration.users() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `what the daemon is not asked it does not answer`() async throws {
        try await administrate(running: true) { (_, folder) async throws in
            let reply = try await AdminClient.ask(
                .deleteUser(name: "nobody", account: nil),
                folder: folder.path
            )
            #expect(reply == .refused("There is no user named nobody."))
        }
    }
}
