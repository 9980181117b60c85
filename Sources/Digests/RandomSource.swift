import Synchronization

/// Where chance comes from: the system, or a test's seed.
public protocol RandomSource: Sendable {
    /// Some bytes that nobody can foretell.
    func bytes(_ count: Int) -> [UInt8]
}

/// The system's own source, fit for secrets: `getrandom` on Linux.
public struct SystemRandom: RandomSource {
    /// Draws from the system.
    public init() {}

    /// Bytes from the system.
    public func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return generator.bytes(count)
    }
}

/// A source that always says the same: for tests only.
public final class SeededRandom: RandomSource {
    private let generator: Mutex<SplitMix64>

    /// Starts the sequence that belongs to a seed.
    public init(seed: UInt64) { generator = Mutex(SplitMix64(state: seed)) }

    /// The next bytes of the sequence.
    public func bytes(_ count: Int) -> [UInt8] {
        generator.withLock { $0.bytes(count) }
    }
}

/// The generator [SplitMix64](https://prng.di.unimi.it/splitmix64.c).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension RandomNumberGenerator {
    fileprivate mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var word: UInt64 = 0
        for place in 0..<count {
            word = place.isMultiple(of: 8) ? next() : word >> 8
            bytes.append(UInt8(truncatingIfNeeded: word))
        }
        return bytes
    }
}
