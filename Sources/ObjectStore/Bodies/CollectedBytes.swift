import Synchronization

/// The memory that bodies share in which bytes are collected for one write to a file.
///
/// While there is some left, a body collects up to its write size; when it is taken, each collects little,
/// so that many slow uploads become many small writes and never a large process.
final class CollectedBytes: Sendable {
    /// What the bodies of this process share: 16 MiB.
    static let process = CollectedBytes(budget: 16 * 1024 * 1024)

    /// What a body may collect when the budget is taken, in bytes.
    static let floor = 64 * 1024

    private let budget: Int
    private let taken = Atomic(0)

    init(budget: Int) { self.budget = budget }

    /// How much is collected now, in bytes; more than the budget by at most the floor of each body.
    var count: Int { taken.load(ordering: .relaxed) }

    var isExhausted: Bool { count >= budget }

    func take(_ bytes: Int) { taken.wrappingAdd(bytes, ordering: .relaxed) }
    func give(_ bytes: Int) { taken.wrappingSubtract(bytes, ordering: .relaxed) }
}
