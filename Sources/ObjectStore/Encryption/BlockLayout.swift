internal import Digests

/// How a body is cut into blocks, each sealed on its own, so that a range needs only the blocks it touches.
///
/// A block's nonce has its number and whether it is the last: blocks that are swapped, doubled, or cut off at the end
/// do not open. Those of another blob have another key. An empty body is one empty block.
enum BlockLayout {
    /// Bytes of a block but the last; docs/decisions.md says why.
    static let plainCount = 64 << 10
    /// The same, sealed.
    static let sealedCount = plainCount + AESGCM.tagCount

    /// How many blocks a body of this length has.
    static func blocks(of size: Int64) -> Int64 {
        max(1, (size + Int64(plainCount) - 1) / Int64(plainCount))
    }

    /// How long a body of this length is when it is sealed.
    static func sealedSize(of size: Int64) -> Int64 {
        size + blocks(of: size) * Int64(AESGCM.tagCount)
    }

    static func nonce(_ number: Int64, isLast: Bool) -> [UInt8] {
        let place = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        return [0, 0, 0] + place + [isLast ? 1 : 0]
    }
}
