internal import Digests
internal import S3Protocol
internal import SQLite
import Synchronization

/// Accounts, their users, groups, roles and policies, access keys and sessions.
///
/// All of it is in memory, so that finding whose a key is costs no look-up in the index; a change is in
/// the index first, and in memory before whoever made it hears of it.
public final class Directory: Sendable {
    let index: Index
    let random: any RandomSource
    let time: any TimeSource
    let sessions: Mutex<SessionTable>
    let uses: Mutex<KeyUses>
    let sessionLimit: Int
    private let state: Mutex<State>

    private struct State {
        var contents: DirectoryContents
        var revision: UInt64 = 0
    }

    init(_ index: Index, configuration: StoreConfiguration) throws {
        self.index = index
        random = configuration.random
        time = configuration.time
        sessionLimit = configuration.sessionLimit
        let canonicalID = configuration.rootCanonicalID ?? Self.canonicalID(configuration.random)
        let now = configuration.time.now()
        let (contents, sessions, uses) = try index.writeNow { connection in
            try connection.makeRootAccount(
                number: configuration.rootAccountNumber,
                canonicalID: canonicalID
            )
            try connection.forgetSessions(at: now)
            let contents = try DirectoryContents(connection)
            let sessions = try connection.sessions(of: contents.accounts)
            return (contents, sessions, try connection.keyUses())
        }
        state = Mutex(State(contents: contents))
        self.sessions = Mutex(SessionTable(sessions, at: now))
        self.uses = Mutex(KeyUses(uses))
    }

    var contents: DirectoryContents { state.withLock { $0.contents } }

    // MARK: Looking up

    /// A number that changes with every change of the directory, sessions aside.
    public var revision: UInt64 { state.withLock { $0.revision } }

    /// The access key of this identifier, with its user and account.
    public func credential(_ accessKey: String) -> AccessKey? { contents.keys[accessKey] }

    /// The account that the store began with.
    public var rootAccount: Account { contents.root }

    /// The account of an identifier.
    public func account(_ id: Account.ID) -> Account? {
        id == Account.anonymous.id ? .anonymous : contents.accounts[id]
    }

    /// The account of twelve digits, of a canonical ID or of a name.
    public func account(named name: String) -> Account? {
        contents.accounts.values.first {
            [$0.number, $0.canonicalID, $0.displayName].contains(name)
        }
    }

    /// Every account, in the order in which they were made.
    public var accounts: [Account] { contents.accounts.values.sorted { $0.id < $1.id } }

    /// Every user of every account, in the order in which they were made.
    public var users: [Identity] { contents.identities(.user) }

    /// The identity of a number.
    public func identity(_ id: Int64) -> Identity? { contents.identities[id] }

    /// The identity of a kind that has a name in an account.
    public func identity(
        _ kind: Identity.Kind,
        _ name: String,
        in account: Account.ID
    ) -> Identity? { contents.identity(kind, name, in: account) }

    /// The identities of a kind in an account, in the order in which they were made.
    public func identities(_ kind: Identity.Kind, in account: Account.ID) -> [Identity] {
        contents.identities(kind).filter { $0.account.id == account }
    }

    /// The users in a group, in the order in which they were made.
    public func members(of group: Identity) -> [Identity] {
        contents.identities(.user).filter { $0.groups.contains(group.id) }
    }

    /// The access keys of a user.
    public func accessKeys(of user: Identity) -> [AccessKey] {
        contents.keys.values.filter { $0.user?.id == user.id }.sorted { $0.id < $1.id }
    }

    /// The access keys of the root of an account, beside the one that a daemon may be started with.
    public func rootKeys(of account: Account.ID) -> [AccessKey] {
        contents.keys.values.filter { $0.user == nil && $0.account.id == account }
            .sorted { $0.id < $1.id }
    }

    /// The texts of all policies that hold for an identity: its own, and those of its groups.
    public func policies(of identity: Identity) -> [PolicyText] { contents.texts(of: identity) }

    /// The policies of an account, in the order in which they were made.
    public func policies(in account: Account.ID) -> [CustomerPolicy] {
        contents.policies.values.filter { $0.account.id == account }.sorted { $0.id < $1.id }
    }

    /// The policy of an ARN, which is some account's.
    public func policy(_ arn: String) -> CustomerPolicy? { contents.policies[arn] }

    /// The identities of an account that a policy is attached to, in the order in which they were made.
    public func holders(of arn: String, in account: Account.ID) -> [Identity] {
        contents.identities.values
            .filter { $0.account.id == account && $0.policies.contains(.attached(arn: arn)) }
            .sorted { $0.id < $1.id }
    }

    /// A document that is set for a whole account.
    public func setting(_ name: String, of account: Account.ID) -> [UInt8]? {
        contents.settings[account]?[name]
    }

    // MARK: Changing

    /// Sets a document for a whole account; `nil` removes it.
    ///
    /// - Throws: What writing to the index throws.
    public func set(_ name: String, to document: [UInt8]?, of account: Account.ID) async throws {
        try await change { connection in
            try connection.run(
                "DELETE FROM account_settings WHERE account = ?1 AND name = ?2",
                .integer(account),
                .text(name)
            )
            guard let document else { return }
            try connection.run(
                "INSERT INTO account_settings(account, name, document) VALUES (?1, ?2, ?3)",
                .integer(account),
                .text(name),
                .blob(document)
            )
        }
    }

    /// Changes the index in one transaction, and then what is in memory.
    @discardableResult
    func change<T: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await index.write { connection in
            let result = try body(connection)
            return (result, try DirectoryContents(connection))
        } committed: { (_, contents) in
            self.state.withLock {
                $0.contents = contents
                $0.revision &+= 1
            }
        }
        .0
    }

    func newKey(_ id: String?, _ secret: String?) -> NewKey {
        NewKey(
            id: id ?? "AKIA" + random.text(of: 16, from: Self.keyAlphabet),
            secret: secret ?? newSecret(),
            created: time.now()
        )
    }

    func newSecret() -> String { random.text(of: 40, from: Self.secretAlphabet) }

    static let keyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    static let secretAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    static func canonicalID(_ random: any RandomSource) -> String {
        Hex.encode(random.bytes(32))
    }
}

extension RandomSource {
    /// Characters drawn evenly from an alphabet of at most 256 ASCII characters.
    func text(of length: Int, from alphabet: String) -> String {
        let letters = Array(alphabet.utf8)
        // Bytes above the last whole multiple would make the first letters likelier.
        let fair = 256 / letters.count * letters.count
        var text: [UInt8] = []
        while text.count < length {
            for byte in bytes(length) where Int(byte) < fair && text.count < length {
                text.append(letters[Int(byte) % letters.count])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
