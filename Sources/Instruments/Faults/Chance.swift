/// Numbers that look like chance and are the same for the same seed.
///
/// Each is made of its place alone, so that none depends on how many were drawn before it.
struct Chance: Sendable, Hashable {
    /// What a number is drawn for.
    enum Purpose: UInt64 {
        case turn = 1
        case place
    }

    let seed: UInt64

    /// The number of a place.
    func number(_ place: Int, _ purpose: Purpose) -> UInt64 {
        let count = UInt64(truncatingIfNeeded: place) &* 4 &+ purpose.rawValue
        return Self.mix(seed &+ count &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The number of a place, from 0 to below 1.
    func unit(_ place: Int) -> Double {
        Double(number(place, .turn) >> 11) * 0x1p-53
    }

    /// A number made of a text: FNV-1a.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    /// The finaliser of SplitMix64.
    private static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
