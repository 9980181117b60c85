/// How often, and after which pauses, a request is tried again.
///
/// The pause before each further attempt is a random part of a span that doubles (“full jitter”), so that many
/// clients that fail at once do not come back at once; where the service names a pause, it is kept.
///
/// [Exponential back-off and jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)
public struct RetryPolicy: Sendable {
    /// Attempts in all where nobody chooses: enough to outlast a server's restart of some seconds.
    public static let defaultAttempts = 5
    /// The longest first pause: long against a round trip, short against a person's patience.
    public static let defaultFirstPause: Duration = .milliseconds(200)
    /// The longest pause, 20 seconds, as AWS's SDKs have it.
    public static let defaultLongestPause: Duration = .seconds(20)
    /// The longest pause that a server can ask for; one that asks for more is answered with its error.
    public static let longestAskedPause: Duration = .seconds(60)

    /// Attempts in all; 1 tries nothing again.
    public var attempts: Int
    /// The longest first pause.
    public var firstPause: Duration
    /// The longest pause.
    public var longestPause: Duration
    /// Waits; ends early with an error where the task is cancelled.
    public var wait: @Sendable (Duration) async throws -> Void

    /// Chooses.
    public init(
        attempts: Int = defaultAttempts,
        firstPause: Duration = defaultFirstPause,
        longestPause: Duration = defaultLongestPause,
        wait: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        }
    ) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.wait = wait
    }

    /// The pause before a further attempt.
    ///
    /// - Parameters:
    ///   - attempt: How many attempts were made; from 1.
    ///   - random: 8 random bytes.
    /// - Returns: A part of the span, or all of it.
    func pause(after attempt: Int, random: [UInt8]) -> Duration {
        // 30 doublings of any pause are beyond every longest pause.
        let doublings = min(max(attempt - 1, 0), 30)
        let span = min(firstPause * (1 << doublings), longestPause)
        let word = random.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return span * (Double(word >> 11) / Double(UInt64(1) << 53))
    }
}
