internal import Digests
internal import SQLite
import Synchronization

/// The master key, and the keys that follow from it.
final class KeyRing: Sendable {
    private let files: any FileSystem
    private let index: Index
    private let random: any RandomSource
    private let names: BlobNames
    private let master = Mutex<Master?>(nil)

    private struct Master {
        let key: SecretKey
        /// Whether the index is known to have it that a key was made.
        let isCounted: Bool
    }

    init(files: any FileSystem, index: Index, names: BlobNames, random: any RandomSource) {
        self.files = files
        self.index = index
        self.names = names
        self.random = random
    }

    /// What wraps the keys of blobs that are encrypted so.
    ///
    /// - Throws: ``MasterKeyMissing``; ``CustomerKeyMissing`` where the client's key is not there or another.
    func parent(
        for encryption: ObjectEncryption,
        customerKey: CustomerKey?,
        makingMaster: Bool = false
    ) throws -> SecretKey {
        switch encryption {
        case .managed:
            return try masterKey(making: makingMaster).derived(for: "SSE-S3")
        case .named(let key):
            return try masterKey(making: makingMaster)
                .derived(for: "SSE-KMS", Array(key.name.utf8))
        case .customer(let check):
            guard let customerKey, customerKey.matches(check) else { throw CustomerKeyMissing() }
            return customerKey.secret.derived(for: "SSE-C")
        }
    }

    /// The master key, read once; made where there never was one and it is asked for.
    private func masterKey(making: Bool) throws -> SecretKey {
        try master.withLock { master in
            if let master, master.isCounted || !making { return master.key }
            if let key = try master?.key ?? read() {
                // A start that ended between making it and counting it has left it uncounted.
                if making, try made() == 0 { try count() }
                master = Master(key: key, isCounted: making)
                return key
            }
            let key = try make(if: making)
            master = Master(key: key, isCounted: true)
            return key
        }
    }

    private func read() throws -> SecretKey? {
        guard let text = try files.readMasterKey() else { return nil }
        let digits = String(decoding: text, as: UTF8.self).prefix { $0 != "\n" }
        guard let key = Hex.decode(digits).flatMap({ SecretKey($0) }) else {
            throw MasterKeyMissing(reason: "master.key holds no key")
        }
        return key
    }

    /// A second key in the place of one that was lost would only hide the loss.
    private func make(if isAsked: Bool) throws -> SecretKey {
        guard isAsked, try made() == 0 else {
            throw MasterKeyMissing(reason: "master.key, which wraps the keys of objects, is gone")
        }
        let key = SecretKey(from: random)
        try files.writeMasterKey(
            Array((Hex.encode(key.revealed()) + "\n").utf8),
            by: names.next()
        )
        try count()
        return key
    }

    /// How many keys were made, as far as the index knows.
    private func made() throws -> Int64? {
        try index.read { connection in
            try connection.first("SELECT value FROM counters WHERE name = 'master_keys'") {
                $0.integer(0)
            }
        }
    }

    private func count() throws {
        try index.writeNow { connection in _ = try connection.next("master_keys") }
    }
}

/// The master key is not where it was, so what it wraps cannot be read.
public struct MasterKeyMissing: Error, Hashable, Sendable, CustomStringConvertible {
    let reason: String

    /// What is wrong, for the log.
    public var description: String { reason }
}

/// The bytes are encrypted under a client's key, and that was not given.
public struct CustomerKeyMissing: Error, Hashable, Sendable {}
