import Testing

@testable import Instruments

@Suite(.timeLimit(.minutes(1))) struct PendingCallsTests {
    @Test func `calls that are on their way are waited for, and later ones are not`() async {
        let pending = PendingCalls()
        let first = pending.begin()
        let waiting = pending.numbers
        let later = pending.begin()
        async let over: Void = pending.wait(for: waiting, atMost: .seconds(50))
        pending.end(first)
        await over
        #expect(pending.numbers == [later])
        pending.end(later)
        pending.end(later)
        #expect(pending.numbers.isEmpty)
    }

    @Test func `a call that does not end is not waited for longer than was said`() async {
        let pending = PendingCalls()
        _ = pending.begin()
        await pending.wait(for: pending.numbers, atMost: .milliseconds(1))
        #expect(pending.numbers.count == 1)
    }
}
