import Glibc
import Synchronization

/// Where the time comes from: the machine's clock, or a test's hand.
public protocol TimeSource: Sendable {
    /// The present moment.
    func now() -> Timestamp

    /// The present moment as a client may know it who says that it is `claimed`.
    ///
    /// It is ``now()``. Only a clock that a test has moved has another one, the machine's: the test's clients
    /// have not moved theirs, and what they sign must not be refused for that.
    func now(nearest claimed: Timestamp) -> Timestamp
}

extension TimeSource {
    /// The present moment: there is no other.
    public func now(nearest claimed: Timestamp) -> Timestamp { now() }
}

/// The machine's clock.
public struct SystemTime: TimeSource {
    /// Reads the machine's clock.
    public init() {}

    /// The present moment by `CLOCK_REALTIME`.
    public func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// A clock that moves only when it is told to.
public final class ManualTime: TimeSource {
    private let moment: Mutex<Timestamp>

    /// Stops a clock at a moment.
    public init(_ moment: Timestamp) { self.moment = Mutex(moment) }

    /// The moment it stands at.
    public func now() -> Timestamp { moment.withLock { $0 } }

    /// Moves it on by some seconds, or back.
    public func advance(bySeconds seconds: Int64) {
        moment.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}
