import S3Protocol
import Testing

@testable import Daemon

@Suite struct LifecycleTaskTests {
    @Test(arguments: [
        (LifecycleDay.calendar, 0, 3_600_000), (.calendar, 3_599_999, 1),
        (.calendar, 86_399_000, 1000), (.seconds(10), 0, 5000), (.seconds(10), 4999, 1),
        (.seconds(1), 200, 300), (.seconds(86_400), 1000, 3_599_000),
    ])
    func `it wakes at every full hour, and so at midnight; twice in a shorter day`(
        day: LifecycleDay,
        now: Int64,
        pause: Int64
    ) {
        let moment = Timestamp(milliseconds: now)
        #expect(LifecycleTask.pause(from: moment, day: day) == pause)
    }

    @Test(arguments: [("10", LifecycleDay.seconds(10)), ("86400", .seconds(86_400))])
    func `a day can be made shorter`(text: String, day: LifecycleDay) throws {
        let settings = Settings(environment: Environment(["PAIL_LIFECYCLE_DAY_SECONDS": text]))
        #expect(try DaemonConfiguration(settings).lifecycleDay == day)
    }

    @Test(arguments: ["0", "-1", "x", "86401", "1.5"])
    func `a day that is none is refused`(text: String) {
        let settings = Settings(flags: [.lifecycleDaySeconds: [text]])
        #expect(throws: Refusal.self) { try DaemonConfiguration(settings) }
    }
}
