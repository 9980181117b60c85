internal import S3Protocol

/// How many messages wait for each destination, so that writing one costs no look at the others.
///
/// After a transaction that did not happen a count is off by what that wrote or dropped. So what it says is full is
/// counted before anything is dropped, and then the count is right.
struct MailboxCounts: Sendable {
    /// Seconds between two warnings that a destination is full.
    static let pause: Int64 = 60

    private struct Destination {
        var count: Int
        /// How many went since the last warning.
        var dropped = 0
        var warned: Timestamp?
    }

    private var destinations: [String: Destination] = [:]

    /// Whether a destination's messages were ever counted.
    func isCounted(_ destination: String) -> Bool { destinations[destination] != nil }

    /// Sets a destination's count, which is the index's.
    mutating func set(_ count: Int, for destination: String) {
        destinations[destination, default: Destination(count: 0)].count = count
    }

    /// Counts one more, and answers how many that makes.
    mutating func add(to destination: String) -> Int {
        destinations[destination, default: Destination(count: 0)].count += 1
        return destinations[destination]?.count ?? 1
    }

    /// Counts one that was settled, for good.
    mutating func remove(from destination: String) {
        guard let count = destinations[destination]?.count, count > 0 else { return }
        destinations[destination]?.count = count - 1
    }

    /// Counts those that were dropped; answers how many to warn of, where it is time for a warning.
    mutating func drop(_ dropped: Int, from destination: String, at now: Timestamp) -> Int? {
        guard var state = destinations[destination] else { return nil }
        defer { destinations[destination] = state }
        state.count -= dropped
        state.dropped += dropped
        if let warned = state.warned, now < warned.advanced(bySeconds: Self.pause) { return nil }
        let told = state.dropped
        state.warned = now
        state.dropped = 0
        return told
    }
}
