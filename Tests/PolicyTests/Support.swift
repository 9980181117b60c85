import Foundation
import Testing

@testable import Policy

/// The values of a request, by their keys in any case.
struct Values: ConditionValues {
    private let values: [String: [String]]

    init(_ values: [String: [String]]) {
        self.values = Dictionary(
            values.map { (ConditionKey.normalized($0), $1) }
        ) { first, _ in first }
    }

    func values(of key: String) -> [String]? { values[key] }
}

/// The people that the tests know.
enum People {
    static let home = Requester.AccountName(
        number: "111122223333",
        canonicalID: String(repeating: "a", count: 64)
    )
    static let away = Requester.AccountName(
        number: "444455556666",
        canonicalID: String(repeating: "b", count: 64)
    )

    static func named(_ name: String) -> Requester {
        switch name {
        case "anonymous": .anonymous
        case "root": .root(home)
        case "strangers root": .root(away)
        case "stranger": .user(away, name: name)
        default: .user(home, name: name)
        }
    }
}

/// A file of `Fixtures/policy`.
func fixture(_ name: String) throws -> [JSON] {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let data = try Data(contentsOf: folder.appending(path: "Fixtures/policy/\(name).json"))
    let json = try JSON(parsing: String(decoding: data, as: UTF8.self), limit: 1 << 20)
    return try #require(json.array)
}

extension Decision {
    /// The decision as the fixtures write it.
    var words: String {
        switch self {
        case .allowed(let statement, _): "allowed by \(statement?.sid ?? "right")"
        case .denied(let statement, let kind):
            "denied by \(statement.sid ?? "?") in \(kind.rawValue)"
        case .notAllowed(let kind): "no \(kind.rawValue)"
        }
    }
}

/// Vigna's SplitMix64: the same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
