import COpenSSL

/// Ends the process where libcrypto fails at what cannot fail but for want of memory.
///
/// A digest that is silently wrong would be worse.
@inline(__always)
func check(_ result: CInt) {
    precondition(result == 1, "libcrypto failed")
}

extension Collection<UInt8> {
    /// Lends the bytes, without a copy where they lie side by side.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let result = withContiguousStorageIfAvailable({ unsafe body(.init($0)) }) {
            return result
        }
        return unsafe Array(self).withUnsafeBytes { unsafe body($0) }
    }
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
public func equalInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe CRYPTO_memcmp(first, second, first.count) == 0
}
