import Synchronization

/// What a client has learned from replies: the distance of the clocks, and where buckets are.
///
/// A class, so that copies of a client learn from each other.
final class Knowledge: Sendable {
    private struct State {
        var clockOffset: Int64 = 0
        var regions: [String: String] = [:]
    }

    /// Buckets whose region is remembered: more than any application has; then it starts anew.
    static let capacity = 1024

    private let state = Mutex(State())

    /// How far the server's clock is ahead of this machine's, in milliseconds.
    var clockOffset: Int64 {
        get { state.withLock { $0.clockOffset } }
        set { state.withLock { $0.clockOffset = newValue } }
    }

    /// The region of a bucket, where it is known to be another than the client's.
    func region(of bucket: String?) -> String? {
        guard let bucket else { return nil }
        return state.withLock { $0.regions[bucket] }
    }

    /// Remembers a bucket's region.
    func note(region: String, of bucket: String) {
        state.withLock { state in
            if state.regions.count >= Self.capacity { state.regions.removeAll() }
            state.regions[bucket] = region
        }
    }
}
