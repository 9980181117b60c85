import Policy
import S3Protocol

/// A rule of a plan, with what it has counted.
struct ArmedRule {
    let id: String
    private let rule: FaultRule
    private let chance: Chance
    private let patterns: [(pattern: Wildcard, part: @Sendable (FaultSubject) -> String)]
    private var bucket: TokenBucket?
    private var met = 0
    private var applied = 0

    init(id: String, _ rule: FaultRule, seed: UInt64) {
        self.id = id
        self.rule = rule
        // Two rules of one plan draw different numbers.
        chance = Chance(seed: rule.seed ?? seed ^ Chance.hash(id))
        let said: [(String?, @Sendable (FaultSubject) -> String)] = [
            (rule.operation, { $0.operation }), (rule.bucket, { $0.bucket }),
            (rule.key, { $0.key }),
            (rule.client.address, { $0.address }), (rule.client.accessKey, { $0.accessKey }),
            (rule.client.userAgent, { $0.userAgent }),
        ]
        patterns = said.compactMap { pattern, part in pattern.map { (Wildcard($0), part) } }
        if case .throttle(let perSecond, let burst) = rule.effect {
            bucket = TokenBucket(perSecond: perSecond, burst: burst)
        }
    }

    var entry: FaultPlan.Entry {
        FaultPlan.Entry(id: id, rule: rule, met: met, applied: applied)
    }

    /// What goes wrong with a request by this rule, if anything does.
    mutating func apply(to request: FaultSubject, at now: Timestamp) -> AppliedFault? {
        guard patterns.allSatisfy({ $0.pattern.matches($0.part(request)) }),
            rule.from.map({ now >= $0 }) ?? true, rule.until.map({ now < $0 }) ?? true
        else { return nil }
        met += 1
        guard isTurn(met) else { return nil }
        if bucket?.take(at: now) == true { return nil }
        applied += 1
        return AppliedFault(rule: id, effect: rule.effect, draw: chance.number(met, .place))
    }

    private func isTurn(_ number: Int) -> Bool {
        let turn = rule.turn
        if let nth = turn.nth, number != nth { return false }
        if let every = turn.every, number % every != 0 { return false }
        if let times = turn.times, applied >= times { return false }
        guard let probability = turn.probability else { return true }
        return chance.unit(number) < probability
    }
}

/// A request as rules see it.
struct FaultSubject: Sendable, Hashable {
    var operation = ""
    var bucket = ""
    var key = ""
    var address = ""
    var accessKey = ""
    var userAgent = ""
}

/// Something that goes wrong with one request.
struct AppliedFault: Sendable, Hashable {
    /// What the rule is called.
    let rule: String
    let effect: FaultEffect
    /// A number of this request's own, for what is left to chance.
    let draw: UInt64
}

extension FaultRule {
    /// Which of the rule's numbers has no meaning, if one has none.
    var meaningless: String? {
        if let nth = turn.nth, nth < 1 { return "nth counts from 1" }
        if let every = turn.every, every < 1 { return "every must be 1 at least" }
        if let times = turn.times, times < 1 { return "times must be 1 at least" }
        if let chance = turn.probability, !(0...1).contains(chance) {
            return "probability must be from 0 to 1"
        }
        if let from, let until, until <= from { return "until must be after from" }
        return effect.meaningless
    }
}

extension FaultEffect {
    /// The longest wait, in milliseconds: an hour.
    private static let longestWait: Int64 = 60 * 60 * 1000

    fileprivate var meaningless: String? {
        switch self {
        case .error(let code, _), .errorIn200(let code):
            (200...599).contains(code.status) && !code.name.isEmpty
                ? nil : "an error has a code, and a status from 200 to 599"
        case .throttle(let rate, let burst):
            rate > 0 && rate.isFinite && burst >= 1
                ? nil : "a rate must be more than 0, and a burst 1 at least"
        case .delay(let time), .silence(let time):
            (0...Self.longestWait).contains(time)
                ? nil : "a wait must be from 0 to \(Self.longestWait) milliseconds"
        case .bandwidth(let rate): rate >= 1 ? nil : "a bandwidth must be 1 byte a second at least"
        case .truncate(let bytes): bytes >= 0 ? nil : "a place in the body must be 0 at least"
        case .flip(let place), .reset(let place):
            place ?? 0 >= 0 ? nil : "a place in the body must be 0 at least"
        case .staleContinue: nil
        case .skew(let seconds):
            seconds.magnitude <= 100 * 366 * 86_400 ? nil : "a skew may be a hundred years at most"
        }
    }
}
