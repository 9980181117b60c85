import S3Protocol
import Testing

@testable import Instruments

@Suite struct FaultPlanTests {
    private let machine = ManualTime(Timestamp(seconds: 1_000_000))
    private let clock: TestClock
    private let plan: FaultPlan

    init() {
        clock = TestClock(machine: machine)
        plan = FaultPlan(seed: 1, clock: clock)
    }

    private let get = FaultSubject(
        operation: "GetObject",
        bucket: "photos",
        key: "cats/a.jpg",
        address: "127.0.0.1",
        accessKey: "AKIA1",
        userAgent: "Boto3/1.40 md/Botocore"
    )

    /// Which of so many requests something goes wrong with, counted from 1.
    private func hits(_ count: Int, _ request: FaultSubject? = nil) -> [Int] {
        (1...count).filter { _ in !plan.faults(of: request ?? get).isEmpty }
    }

    @Test func `a plan of no rules is empty, and so is one that was cleared`() throws {
        #expect(plan.isEmpty)
        try plan.add(FaultRule(.staleContinue))
        #expect(!plan.isEmpty)
        plan.clear()
        #expect(plan.isEmpty && plan.entries.isEmpty)
    }

    @Test(arguments: [
        (FaultRule(.staleContinue), true),
        (FaultRule(.staleContinue, operation: "GetObject"), true),
        (FaultRule(.staleContinue, operation: "Put*"), false),
        (FaultRule(.staleContinue, bucket: "photo?"), true),
        (FaultRule(.staleContinue, bucket: "photo"), false),
        (FaultRule(.staleContinue, key: "cats/*.jpg"), true),
        (FaultRule(.staleContinue, key: "dogs/*"), false),
        (FaultRule(.staleContinue, client: .init(address: "127.0.0.*")), true),
        (FaultRule(.staleContinue, client: .init(address: "::1")), false),
        (FaultRule(.staleContinue, client: .init(accessKey: "AKIA1")), true),
        (FaultRule(.staleContinue, client: .init(accessKey: "AKIA2")), false),
        (FaultRule(.staleContinue, client: .init(userAgent: "*Botocore*")), true),
        (FaultRule(.staleContinue, client: .init(userAgent: "curl*")), false),
        (FaultRule(.staleContinue, operation: "GetObject", bucket: "other"), false),
    ])
    func `a request must meet everything that a rule says`(rule: FaultRule, isMet: Bool) throws {
        try plan.add(rule)
        #expect(plan.faults(of: get).isEmpty != isMet)
        #expect(plan.entries[0].met == (isMet ? 1 : 0))
    }

    @Test func `the nth request alone, each nth, and so many of them`() throws {
        try plan.add(FaultRule(.staleContinue, turn: .init(nth: 3)))
        #expect(hits(9) == [3])
        plan.clear()
        try plan.add(FaultRule(.staleContinue, turn: .init(every: 3)))
        #expect(hits(9) == [3, 6, 9])
        plan.clear()
        try plan.add(FaultRule(.staleContinue, turn: .init(every: 2, times: 2)))
        #expect(hits(9) == [2, 4])
        #expect(plan.entries[0].met == 9 && plan.entries[0].applied == 2)
    }

    @Test func `chance is the same for the same seed, and another for another`() throws {
        let rule = FaultRule(.staleContinue, turn: .init(probability: 0.3))
        func run(seed: UInt64?, rule: FaultRule) throws -> [Int] {
            plan.clear(seed: seed)
            try plan.add(rule)
            return hits(200)
        }
        let first = try run(seed: 5, rule: rule)
        #expect((40...80).contains(first.count))
        #expect(try run(seed: nil, rule: rule) == first)
        #expect(try run(seed: 6, rule: rule) != first)
        var seeded = rule
        seeded.seed = 9
        let own = try run(seed: 5, rule: seeded)
        #expect(own != first)
        // A rule's own seed does not depend on the plan's.
        #expect(try run(seed: 77, rule: seeded) == own)
    }

    @Test func `two rules of one plan draw different chances`() throws {
        try plan.add(FaultRule(.staleContinue, turn: .init(probability: 0.5)))
        try plan.add(FaultRule(.skew(seconds: 1), turn: .init(probability: 0.5)))
        let runs = (1...100).map { _ in plan.faults(of: get).map(\.rule) }
        #expect(Set(runs).count == 4)
    }

    @Test func `a probability of 0 is never, and of 1 always`() throws {
        try plan.add(FaultRule(.staleContinue, turn: .init(probability: 0)))
        #expect(hits(100).isEmpty)
        plan.clear()
        try plan.add(FaultRule(.staleContinue, turn: .init(probability: 1)))
        #expect(hits(100).count == 100)
    }

    @Test func `a window is one of the test's clock`() async throws {
        let from = Timestamp(seconds: 1_000_010)
        let until = Timestamp(seconds: 1_000_020)
        try plan.add(FaultRule(.staleContinue, from: from, until: until))
        #expect(hits(1).isEmpty)
        try await clock.move(byMilliseconds: 10_000)
        #expect(hits(1) == [1])
        try await clock.move(byMilliseconds: 10_000)
        #expect(hits(1).isEmpty)
    }

    @Test func `a rate lets its burst pass, and then as many as the clock says`() async throws {
        try await clock.freeze()
        try plan.add(FaultRule(.throttle(perSecond: 2, burst: 3)))
        #expect(hits(6) == [4, 5, 6])
        try await clock.move(byMilliseconds: 1000)
        #expect(hits(4) == [3, 4])
        try await clock.move(byMilliseconds: 60_000)
        #expect(hits(5) == [4, 5])
        #expect(plan.entries[0].met == 15 && plan.entries[0].applied == 7)
    }

    @Test func `what adds up adds up, and the first other fault is the last`() throws {
        try plan.add(FaultRule(.delay(milliseconds: 5)))
        try plan.add(FaultRule(.skew(seconds: 1)))
        try plan.add(FaultRule(.error(.slowDown, isCarriedOut: false)))
        try plan.add(FaultRule(.delay(milliseconds: 7)))
        let names = plan.faults(of: get).map(\.effect.name)
        #expect(names == ["delay", "skew", "error"])
        #expect(plan.entries.map(\.met) == [1, 1, 1, 0])
    }

    @Test func `a rule is removed by its name, and names are given anew after a clearing`() throws {
        let first = try plan.add(FaultRule(.staleContinue))
        let second = try plan.add(FaultRule(.staleContinue))
        #expect(first.id == "fault-1" && second.id == "fault-2")
        #expect(plan.remove("fault-1") && !plan.remove("fault-1"))
        #expect(plan.entries.map(\.id) == ["fault-2"])
        plan.clear()
        #expect(try plan.add(FaultRule(.staleContinue)).id == "fault-1")
    }

    @Test(arguments: [
        FaultRule(.staleContinue, turn: .init(nth: 0)),
        FaultRule(.staleContinue, turn: .init(every: 0)),
        FaultRule(.staleContinue, turn: .init(times: 0)),
        FaultRule(.staleContinue, turn: .init(probability: 1.5)),
        FaultRule(.staleContinue, turn: .init(probability: .nan)),
        FaultRule(.staleContinue, from: Timestamp(seconds: 2), until: Timestamp(seconds: 2)),
        FaultRule(.error(S3Error.Code(99, "X", "x"), isCarriedOut: false)),
        FaultRule(.throttle(perSecond: 0, burst: 1)),
        FaultRule(.throttle(perSecond: 1, burst: 0)),
        FaultRule(.delay(milliseconds: -1)), FaultRule(.delay(milliseconds: 3_600_001)),
        FaultRule(.bandwidth(bytesPerSecond: 0)), FaultRule(.truncate(afterBytes: -1)),
        FaultRule(.flip(atByte: -1)), FaultRule(.reset(afterBytes: -1)),
        FaultRule(.skew(seconds: .min)),
    ])
    func `a rule without meaning is refused`(rule: FaultRule) {
        #expect(throws: FaultPlan.Refused.self) { try plan.add(rule) }
        #expect(plan.isEmpty)
    }

    @Test func `there is a limit of rules`() throws {
        for _ in 1...FaultPlan.limit { try plan.add(FaultRule(.staleContinue)) }
        #expect(throws: FaultPlan.Refused.tooMany) { try plan.add(FaultRule(.staleContinue)) }
    }
}
