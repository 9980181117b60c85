internal import Digests

/// The keys for one new blob that is to be encrypted.
public struct Sealing: Sendable {
    let encryption: ObjectEncryption
    let envelope: Envelope
    let key: SecretKey
    /// Makes entity tags that are not the MD5 of the plain bytes.
    let tagKey: SecretKey?

    /// The entity tag of a body, without quotes.
    func etag(md5: [UInt8]) -> String {
        guard let tagKey else { return Hex.encode(md5) }
        return Hex.encode(tagKey.authenticate(md5).prefix(16))
    }
}

extension Store {
    /// How an object is encrypted under a client's key, which is known again by it and not kept.
    public func encryption(under key: CustomerKey) -> ObjectEncryption {
        .customer(CustomerKeyCheck(of: key, random: configuration.random))
    }

    /// Makes the keys for a new blob; the store's own key is made now where there never was one.
    ///
    /// - Parameters:
    ///   - encryption: How the blob is to be encrypted; `nil` where it is to be clear.
    ///   - customerKey: The client's key, where that is what encrypts.
    ///   - upload: The upload that the blob is a part of: a part that is sent again has the same entity tag.
    /// - Returns: The keys, or `nil` where there are to be none.
    /// - Throws: ``CustomerKeyMissing``; ``MasterKeyMissing`` where the store's own key was lost; ``IOError``.
    public func sealing(
        for encryption: ObjectEncryption?,
        customerKey: CustomerKey? = nil,
        partOf upload: Upload? = nil
    ) async throws -> Sealing? {
        guard let encryption else { return nil }
        try health.requireWritable()
        let keys = keys
        let parent: SecretKey
        do {
            parent = try await workers.run {
                try keys.parent(for: encryption, customerKey: customerKey, makingMaster: true)
            }
        } catch {
            throw health.judge(error)
        }
        let key = SecretKey(from: configuration.random)
        let salt = configuration.random.bytes(SecretKey.byteCount)
        return Sealing(
            encryption: encryption,
            envelope: Envelope(wrapping: key, under: parent, salt: salt, for: encryption),
            key: key,
            tagKey: encryption.showsMD5
                ? nil
                : parent.derived(for: "entity tag", upload.map { Array($0.id.utf8) } ?? salt)
        )
    }
}
