import COpenSSL

/// AES-256 in Galois/Counter Mode, by libcrypto: what is altered does not open.
///
/// [NIST SP 800-38D](https://csrc.nist.gov/pubs/sp/800/38/d/final)
public enum AESGCM {
    /// How many bytes a nonce has.
    public static let nonceCount = 12
    /// How many bytes are added to what is sealed.
    public static let tagCount = 16

    /// Seals bytes.
    ///
    /// - Parameters:
    ///   - plain: The bytes, at most 2^31 - 1.
    ///   - key: The key.
    ///   - nonce: 12 bytes, which must never come twice with one key.
    ///   - header: What must be the same for the bytes to open again.
    /// - Returns: As many bytes, sealed, and the tag behind them.
    public static func seal(
        _ plain: UnsafeRawBufferPointer,
        with key: SecretKey,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) -> [UInt8] {
        let context = Context(key, nonce: nonce, isSealing: true)
        context.authenticate(header)
        return unsafe [UInt8](unsafeUninitializedCapacity: plain.count + tagCount) {
            sealed,
            count in
            unsafe context.update(plain, into: sealed)
            check(context.finish())
            let tag = unsafe sealed.baseAddress.map { unsafe $0 + plain.count }
            unsafe check(
                EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tagCount), tag)
            )
            count = plain.count + tagCount
        }
    }

    /// Opens what was sealed.
    ///
    /// - Returns: The bytes, or `nil` where the key, the nonce, the header or one bit of the sealed bytes is another.
    public static func open(
        _ sealed: UnsafeRawBufferPointer,
        with key: SecretKey,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) -> [UInt8]? {
        let length = sealed.count - tagCount
        guard length >= 0 else { return nil }
        let context = Context(key, nonce: nonce, isSealing: false)
        context.authenticate(header)
        var isWhole = false
        let plain = unsafe [UInt8](unsafeUninitializedCapacity: length) { plain, count in
            unsafe context.update(UnsafeRawBufferPointer(rebasing: sealed[..<length]), into: plain)
            var tag = unsafe Array(sealed[length...])
            unsafe check(
                EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tagCount), &tag)
            )
            isWhole = context.finish() == 1
            count = length
        }
        return isWhole ? plain : nil
    }

    /// Seals bytes that are in an array.
    public static func seal(
        _ plain: [UInt8],
        with key: SecretKey,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) -> [UInt8] {
        unsafe plain.withUnsafeBytes {
            unsafe seal($0, with: key, nonce: nonce, authenticating: header)
        }
    }

    /// Opens what is in an array.
    ///
    /// - Returns: The bytes, or `nil` where anything is another than it was.
    public static func open(
        _ sealed: [UInt8],
        with key: SecretKey,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) -> [UInt8]? {
        unsafe sealed.withUnsafeBytes {
            unsafe open($0, with: key, nonce: nonce, authenticating: header)
        }
    }
}

/// One use of the cipher.
@safe private struct Context: ~Copyable {
    let pointer: OpaquePointer

    init(_ key: SecretKey, nonce: [UInt8], isSealing: Bool) {
        precondition(nonce.count == AESGCM.nonceCount)
        guard let pointer = unsafe EVP_CIPHER_CTX_new() else {
            preconditionFailure("out of memory")
        }
        unsafe self.pointer = unsafe pointer
        unsafe check(
            EVP_CipherInit_ex2(
                pointer,
                Self.implementation,
                key.revealed(),
                nonce,
                isSealing ? 1 : 0,
                nil
            )
        )
    }

    deinit { unsafe EVP_CIPHER_CTX_free(pointer) }

    func authenticate(_ header: [UInt8]) {
        guard !header.isEmpty else { return }
        var count: CInt = 0
        unsafe check(EVP_CipherUpdate(pointer, nil, &count, header, CInt(header.count)))
    }

    func update(_ bytes: UnsafeRawBufferPointer, into space: UnsafeMutableBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, unsafe !bytes.isEmpty else { return }
        var count: CInt = 0
        unsafe check(
            EVP_CipherUpdate(
                pointer,
                space.baseAddress,
                &count,
                start.assumingMemoryBound(to: UInt8.self),
                CInt(bytes.count)
            )
        )
    }

    /// 1, or another number where what was to be opened has another tag.
    func finish() -> CInt {
        var rest = [UInt8](repeating: 0, count: 16)
        var count: CInt = 0
        return unsafe EVP_CipherFinal_ex(pointer, &rest, &count)
    }

    // Safe although a pointer: written once, by the runtime's own once, and never freed.
    nonisolated(unsafe) private static let implementation = unsafe EVP_CIPHER_fetch(
        nil,
        "AES-256-GCM",
        nil
    )
}
