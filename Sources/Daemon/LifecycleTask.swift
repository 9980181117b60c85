import Instruments
import Logging
import ObjectStore
import S3Protocol
import S3Service

/// Runs the lifecycles of all buckets in the background, for as long as the daemon serves.
///
/// What is due becomes due at midnight (UTC). Running at every full hour does that, and within the hour what
/// a new rule makes due or the run before left over; a run that finds nothing to do is one pass over the index.
final class LifecycleTask: Sendable {
    private static let hour: Int64 = 60 * 60
    /// Does what is due.
    let run: @Sendable () async -> Void
    private let task: Task<Void, Never>

    /// Runs now, to do what became due while nobody served, and then again and again.
    ///
    /// What becomes due because the clock was set is for whoever set it to have done: see ``run``.
    init(_ service: S3Service, day: LifecycleDay, clock: TestClock, logger: Logger) {
        let run: @Sendable () async -> Void = {
            let report = await service.runLifecycles(day: day)
            if report != LifecycleReport() {
                logger.info("Lifecycles ran", metadata: report.metadata)
            }
        }
        self.run = run
        task = Task {
            var seen = clock.changes
            await run()
            while !Task.isCancelled {
                let now = clock.now()
                let due = Timestamp(
                    milliseconds: now.milliseconds + Self.pause(from: now, day: day)
                )
                await clock.wait(until: due, after: seen)
                let changes = clock.changes
                if changes == seen, clock.now() >= due { await run() }
                seen = changes
            }
        }
    }

    deinit { task.cancel() }

    /// Ends after the transaction that is under way.
    func stop() async {
        task.cancel()
        await task.value
    }

    /// Milliseconds until the next run: to the full hour, or twice in a day that is shorter.
    static func pause(from now: Timestamp, day: LifecycleDay) -> Int64 {
        let step: Int64 =
            switch day {
            case .calendar: hour * 1000
            case .seconds(let seconds): min(hour * 1000, max(500, seconds.clamped * 500))
            }
        return step - (now.milliseconds % step + step) % step
    }
}

extension Int64 {
    /// Few enough to be multiplied.
    fileprivate var clamped: Int64 { Swift.min(self, 1_000_000) }
}

extension LifecycleReport {
    fileprivate var metadata: Logger.Metadata {
        [
            "expired": "\(expired)", "removed": "\(removed)", "transitioned": "\(transitioned)",
            "aborted": "\(aborted)",
        ]
    }
}
