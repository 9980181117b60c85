import S3Protocol
import Synchronization
import Testing

@testable import Instruments

@Suite(.timeLimit(.minutes(1))) struct TestClockTests {
    private let machine = ManualTime(Timestamp(seconds: 1_000_000))
    private let clock: TestClock

    init() { clock = TestClock(machine: machine) }

    @Test func `it is the machine's until it is set`() {
        #expect(clock.isReal && clock.now() == machine.now())
        machine.advance(bySeconds: 5)
        #expect(clock.now() == Timestamp(seconds: 1_000_005))
        #expect(clock.reading.offset == 0 && clock.reading.factor == 1)
    }

    @Test func `it stands where it is stopped, and can be moved there`() async throws {
        try await clock.freeze(at: Timestamp(seconds: 42))
        machine.advance(bySeconds: 5)
        #expect(clock.now() == Timestamp(seconds: 42) && clock.reading.factor == 0)
        try await clock.move(byMilliseconds: 1500)
        machine.advance(bySeconds: 5)
        #expect(clock.now() == Timestamp(milliseconds: 43_500))
    }

    @Test func `it runs on from where it was moved to`() async throws {
        try await clock.move(byMilliseconds: 86_400_000)
        machine.advance(bySeconds: 5)
        #expect(clock.now() == Timestamp(seconds: 1_086_405))
        #expect(clock.reading.offset == 86_400_000 && !clock.isReal)
    }

    @Test func `it runs faster, and each change counts from what it shows`() async throws {
        try await clock.run(factor: 60)
        machine.advance(bySeconds: 10)
        #expect(clock.now() == Timestamp(seconds: 1_000_600))
        try await clock.run(factor: 0.5)
        machine.advance(bySeconds: 10)
        #expect(clock.now() == Timestamp(seconds: 1_000_605))
        await clock.reset()
        #expect(clock.isReal && clock.now() == Timestamp(seconds: 1_000_020))
    }

    @Test func `moments that cannot be written down are refused, and change nothing`() async throws
    {
        await #expect(throws: TestClock.Refused.outOfRange) {
            try await clock.move(byMilliseconds: -2_000_000_000)
        }
        await #expect(throws: TestClock.Refused.outOfRange) {
            try await clock.move(byMilliseconds: .max)
        }
        await #expect(throws: TestClock.Refused.outOfRange) {
            try await clock.freeze(at: Timestamp(seconds: 253_402_300_800))
        }
        for factor in [0, -1, .nan, .infinity, TestClock.maximumFactor * 2] {
            await #expect(throws: TestClock.Refused.badFactor) {
                try await clock.run(factor: factor)
            }
        }
        #expect(clock.isReal && clock.changes == 0)
    }

    @Test func `a client is believed by the nearer of the two clocks`() async throws {
        let real = machine.now()
        try await clock.move(byMilliseconds: 86_400_000)
        #expect(clock.now(nearest: real) == real)
        #expect(clock.now(nearest: clock.now().advanced(bySeconds: -60)) == clock.now())
    }

    @Test func `what became due is done before a change returns`() async throws {
        let seen = Mutex<[Timestamp]>([])
        clock.onChange { [weak clock] in
            await Task.yield()
            guard let now = clock?.now() else { return }
            seen.withLock { $0.append(now) }
        }
        try await clock.freeze(at: Timestamp(seconds: 1))
        try await clock.move(byMilliseconds: 1000)
        #expect(seen.withLock { $0 } == [Timestamp(seconds: 1), Timestamp(seconds: 2)])
    }

    @Test func `whoever waits for a moment of a standing clock is woken when it is moved`()
        async throws
    {
        try await clock.freeze()
        let seen = clock.changes
        let due = clock.now().advanced(bySeconds: 3600)
        async let waiting: Void = clock.wait(until: due, after: seen)
        try await clock.move(byMilliseconds: 3_600_000)
        await waiting
        #expect(clock.now() == due)
    }
}
