internal import ObjectStore
public import S3Protocol
import Synchronization

/// The clock of one store and its service: the machine's, until a test stops it, moves it or makes it run faster.
///
/// While it is the machine's, a look at it costs one atomic load more than the machine's own.
public final class TestClock: TimeSource {
    /// How a clock runs.
    public struct Reading: Sendable, Hashable {
        /// The moment that it shows.
        public let now: Timestamp
        /// Whether it is the machine's clock.
        public let isReal: Bool
        /// Seconds that it shows as past in one of the machine's; 0 where it stands.
        public let factor: Double
        /// How far it is from the machine's clock, in milliseconds.
        public let offset: Int64
    }

    /// Why a clock cannot be set.
    public enum Refused: Error, Hashable, Sendable {
        /// The moment is not between 1970 and 9999.
        case outOfRange
        /// The factor is not greater than 0 and at most ``TestClock/maximumFactor``.
        case badFactor
    }

    /// It shows `shown` at the machine's moment `at`, and runs from there.
    private struct Setting {
        var shown: Timestamp
        var at: Timestamp
        var factor: Double

        func now(_ machine: Timestamp) -> Timestamp {
            let passed = Double(machine.milliseconds &- at.milliseconds) * factor
            // Bounded, for what is beyond the year 9999 cannot be written down.
            let shown = min(
                Double(shown.milliseconds) + passed,
                Double(TestClock.latest.milliseconds)
            )
            return Timestamp(milliseconds: Int64(max(shown, 0)))
        }
    }

    /// The fastest that a clock may run: a year in about five minutes.
    public static let maximumFactor = 100_000.0
    /// The last moment of the year 9999.
    fileprivate static let latest = Timestamp(seconds: 253_402_300_799)

    private let machine: any TimeSource
    private let isMachines = Atomic<Bool>(true)
    private let setting = Mutex<Setting?>(nil)
    private let actions = Mutex<[@Sendable () async -> Void]>([])
    private let bell = Bell()

    /// A clock that shows the machine's time.
    ///
    /// - Parameter machine: the clock that it follows.
    public init(machine: any TimeSource = SystemTime()) { self.machine = machine }

    /// The moment that it shows.
    public func now() -> Timestamp {
        if isMachines.load(ordering: .relaxed) { return machine.now() }
        return reading.now
    }

    /// What it shows, or what the machine's clock does, whichever is nearer to what a client says.
    public func now(nearest claimed: Timestamp) -> Timestamp {
        let (shown, real) = (now(), machine.now())
        func distance(_ moment: Timestamp) -> UInt64 {
            (moment.milliseconds &- claimed.milliseconds).magnitude
        }
        return distance(real) < distance(shown) ? real : shown
    }

    /// Whether it is the machine's clock.
    public var isReal: Bool { isMachines.load(ordering: .relaxed) }

    /// How it runs.
    public var reading: Reading {
        let real = machine.now()
        guard let setting = setting.withLock({ $0 }) else {
            return Reading(now: real, isReal: true, factor: 1, offset: 0)
        }
        let now = setting.now(real)
        return Reading(
            now: now,
            isReal: false,
            factor: setting.factor,
            offset: now.milliseconds &- real.milliseconds
        )
    }
}

// MARK: Setting it

extension TestClock {
    /// Stops it.
    ///
    /// Like every change, this returns when what became due by it is done: see ``onChange(_:)``.
    ///
    /// - Parameter moment: what it shows from now on; `nil` for what it shows now.
    /// - Throws: ``Refused``.
    public func freeze(at moment: Timestamp? = nil) async throws(Refused) {
        try await change { now, _ in (moment ?? now, 0) }
    }

    /// Moves it on by some milliseconds, or back, and lets it run or stand as it did.
    ///
    /// - Throws: ``Refused``.
    public func move(byMilliseconds milliseconds: Int64) async throws(Refused) {
        try await change { now, factor in
            let (moved, overflow) = now.milliseconds.addingReportingOverflow(milliseconds)
            return (Timestamp(milliseconds: overflow ? -1 : moved), factor)
        }
    }

    /// Lets it run from what it shows now, faster or slower than the machine's.
    ///
    /// - Parameter factor: seconds of it in one of the machine's.
    /// - Throws: ``Refused``.
    public func run(factor: Double) async throws(Refused) {
        guard factor > 0, factor <= Self.maximumFactor else { throw .badFactor }
        try await change { now, _ in (now, factor) }
    }

    /// Makes it the machine's clock again.
    public func reset() async {
        setting.withLock { setting in
            setting = nil
            isMachines.store(true, ordering: .relaxed)
        }
        await changed()
    }

    /// Has something done after each change, before the change returns: what became due by it.
    ///
    /// - Parameter action: what is done. The clock keeps it for as long as it lives, so it must not keep the clock.
    public func onChange(_ action: @escaping @Sendable () async -> Void) {
        actions.withLock { $0.append(action) }
    }

    /// Waits until it shows a moment; returns at any change before that too.
    ///
    /// - Parameters:
    ///   - moment: The moment.
    ///   - seen: ``changes`` as they were when the moment was chosen, so that none is missed.
    public func wait(until moment: Timestamp, after seen: UInt64) async {
        let reading = reading
        let missing = Double(moment.milliseconds &- reading.now.milliseconds)
        guard missing > 0 else { return }
        // One that stands is looked at again only because it was set, or for the end of the task.
        let pause = reading.factor > 0 ? missing / reading.factor : Double(Self.longestPause)
        let bounded = min(max(pause, Double(Self.shortestPause)), Double(Self.longestPause))
        await bell.wait(after: seen, atMost: .milliseconds(Int64(bounded)))
    }

    /// How often it was changed.
    public var changes: UInt64 { bell.rings }

    /// A clock that runs very fast wakes nobody more often than this, in milliseconds.
    private static var shortestPause: Int64 { 20 }

    /// An hour, in milliseconds.
    private static var longestPause: Int64 { 60 * 60 * 1000 }

    private func change(
        _ next: (_ now: Timestamp, _ factor: Double) -> (Timestamp, Double)
    ) async throws(Refused) {
        let isPossible = setting.withLock { setting in
            let real = machine.now()
            let (shown, factor) = next(setting?.now(real) ?? real, setting?.factor ?? 1)
            guard shown.milliseconds >= 0, shown <= Self.latest else { return false }
            setting = Setting(shown: shown, at: real, factor: factor)
            isMachines.store(false, ordering: .relaxed)
            return true
        }
        guard isPossible else { throw .outOfRange }
        await changed()
    }

    private func changed() async {
        bell.ring()
        for action in actions.withLock({ $0 }) { await action() }
    }
}
