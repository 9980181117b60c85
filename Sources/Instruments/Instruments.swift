/// What a test plays on: the clock, what goes wrong, and the record of what was asked.
///
/// They belong to one store and the service over it. A daemon with several has one of these for each, and a rule
/// for one of them is added to its own.
public final class Instruments: Sendable {
    /// How long `milliseconds` of a delay take: the machine's time, unless a test says otherwise.
    public typealias Sleeper = @Sendable (_ milliseconds: Int64) async -> Void

    /// The clock, which the store and the service are given.
    public let clock: TestClock
    /// What goes wrong.
    public let faults: FaultPlan
    /// What was asked and answered.
    public let recorder: Recorder
    let sleep: Sleeper

    /// Instruments that change nothing yet.
    ///
    /// - Parameters:
    ///   - clock: the clock.
    ///   - seed: what the plan's chance is drawn from.
    ///   - sleep: waits out delays.
    public init(
        clock: TestClock = TestClock(),
        seed: UInt64 = 0,
        sleep: @escaping Sleeper = { try? await Task.sleep(for: .milliseconds($0)) }
    ) {
        self.clock = clock
        self.sleep = sleep
        faults = FaultPlan(seed: seed, clock: clock)
        recorder = Recorder()
    }
}
