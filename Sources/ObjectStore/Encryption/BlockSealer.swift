internal import Digests

/// Seals a body block by block as it arrives, with no more than one block in hand.
struct BlockSealer {
    private let key: SecretKey
    private let name: [UInt8]
    private var waiting: [UInt8] = []
    private var number: Int64 = 0

    /// Seals under a blob's key; `name` is the blob's salt.
    init(_ key: SecretKey, name: [UInt8]) {
        self.key = key
        self.name = name
        waiting.reserveCapacity(BlockLayout.plainCount)
    }

    /// Takes the next bytes, and hands on each block that is full and not the last.
    mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        _ emit: ([UInt8]) throws -> Void
    ) rethrows {
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            if waiting.count == BlockLayout.plainCount { try emit(seal(isLast: false)) }
            let taken = unsafe rest.prefix(BlockLayout.plainCount - waiting.count)
            unsafe waiting.append(contentsOf: taken)
            unsafe rest = unsafe rest.dropFirst(taken.count)
        }
    }

    /// The last block.
    mutating func finish() -> [UInt8] { seal(isLast: true) }

    private mutating func seal(isLast: Bool) -> [UInt8] {
        defer {
            waiting.removeAll(keepingCapacity: true)
            number += 1
        }
        return AESGCM.seal(
            waiting,
            with: key,
            nonce: BlockLayout.nonce(number, isLast: isLast),
            authenticating: name
        )
    }
}
