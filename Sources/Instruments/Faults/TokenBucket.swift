import S3Protocol

/// Lets so many through in a second, and some more at once.
struct TokenBucket: Sendable, Hashable {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var seen: Timestamp?

    /// A full one.
    init(perSecond: Double, burst: Int) {
        self.perSecond = perSecond
        self.burst = Double(burst)
        tokens = Double(burst)
    }

    /// Whether one more may pass.
    mutating func take(at now: Timestamp) -> Bool {
        if let seen, now > seen {
            let passed = Double(now.milliseconds &- seen.milliseconds) / 1000
            tokens = min(burst, tokens + passed * perSecond)
        }
        // A clock that was moved back gives nothing, and takes nothing either.
        seen = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
