internal import Digests
internal import S3Protocol
internal import SQLite
import Synchronization

/// Accounts, users and access keys.
///
/// All of it is in memory, so that finding whose a key is costs no look-up in the index; a change is in
/// the index first, and in memory before whoever made it hears of it.
public final class Directory: Sendable {
    private let index: Index
    private let random: any RandomSource
    private let time: any TimeSource
    private let contents: Mutex<DirectoryContents>

    init(_ index: Index, configuration: StoreConfiguration) throws {
        self.index = index
        random = configuration.random
        time = configuration.time
        let canonicalID = Self.canonicalID(configuration.random)
        contents = Mutex(
            try index.writeNow { connection in
                try connection.makeRootAccount(
                    number: configuration.rootAccountNumber,
                    canonicalID: canonicalID
                )
                return try DirectoryContents(connection)
            }
        )
    }

    // MARK: Looking up

    /// The access key of this identifier, with its user and account.
    public func credential(_ accessKey: String) -> AccessKey? {
        contents.withLock { $0.keys[accessKey] }
    }

    /// The account that the store began with.
    public var rootAccount: Account { contents.withLock { $0.root } }

    /// The account of an identifier.
    public func account(_ id: Account.ID) -> Account? {
        id == Account.anonymous.id ? .anonymous : contents.withLock { $0.accounts[id] }
    }

    /// The account of twelve digits, of a canonical ID or of a name.
    public func account(named name: String) -> Account? {
        contents.withLock { contents in
            contents.accounts.values.first {
                [$0.number, $0.canonicalID, $0.displayName].contains(name)
            }
        }
    }

    /// Every account, in the order in which they were made.
    public var accounts: [Account] {
        contents.withLock { $0.accounts.values.sorted { $0.id < $1.id } }
    }

    /// Every user, in the order in which they were made.
    public var users: [User] { contents.withLock { $0.users } }

    /// The access keys of a user.
    public func accessKeys(of user: User) -> [AccessKey] {
        contents.withLock { $0.keys.values.filter { $0.user.id == user.id } }.sorted {
            $0.id < $1.id
        }
    }

    // MARK: Changing

    /// Makes a user with an access key, and the account where it is missing.
    ///
    /// - Throws: ``DirectoryError``, or what writing to the index throws.
    public func createUser(_ new: NewUser) async throws -> AccessKey {
        for name in [new.name, new.account].compactMap(\.self) where !Self.isName(name) {
            throw DirectoryError.invalidName(name)
        }
        let id =
            new.accessKey ?? "AKIA" + random.text(of: 16, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let key = NewKey(
            id: id,
            secret: new.secretKey ?? random.text(of: 40, from: Self.secretAlphabet),
            created: time.now()
        )
        let account = NewAccount(
            number: "1" + random.text(of: 11, from: "0123456789"),
            canonicalID: Self.canonicalID(random)
        )
        let contents = try await change { try $0.insert(new, key: key, inAccount: account) }
        guard let made = contents.keys[id] else { throw DirectoryError.accessKeyTaken(id) }
        return made
    }

    /// Deletes a user with all their access keys; the account and what it owns stay.
    ///
    /// - Parameters:
    ///   - name: The user's name.
    ///   - account: The name of the user's account; `nil` for the root account.
    /// - Throws: ``DirectoryError/noSuchUser(_:)``, or what writing to the index throws.
    public func deleteUser(_ name: String, account: String? = nil) async throws {
        _ = try await change { try $0.deleteUser(name, account: account) }
    }

    private func change(
        _ body: @escaping @Sendable (Connection) throws -> Void
    ) async throws -> DirectoryContents {
        try await index.write { connection in
            try body(connection)
            return try DirectoryContents(connection)
        } committed: { contents in
            self.contents.withLock { $0 = contents }
        }
    }

    private static let secretAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    private static func canonicalID(_ random: any RandomSource) -> String {
        Hex.encode(HashFunction.hash(.sha256, random.bytes(32)))
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "+=,.@_-".utf8.contains(byte)
                }
            }
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
