import S3Protocol
import Synchronization

/// What is to go wrong: rules that are asked one after the other, in the order they were added.
///
/// Delays, bandwidth, skew and stale invitations add up; the first other fault that applies is the last that is
/// asked for. With the same rules, seeds and requests in the same order, the same goes wrong.
public final class FaultPlan: Sendable {
    /// A rule of the plan and what has come of it.
    public struct Entry: Sendable, Hashable {
        /// What the rule is called.
        public let id: String
        /// The rule.
        public let rule: FaultRule
        /// How many requests met what it says about them.
        public let met: Int
        /// With how many of them something went wrong.
        public let applied: Int
    }

    /// Why a rule is not added.
    public enum Refused: Error, Hashable, Sendable {
        /// There are ``FaultPlan/limit`` rules.
        case tooMany
        /// A number of the rule has no meaning; the text says which.
        case meaningless(String)
    }

    /// The most rules there may be.
    public static let limit = 1000

    private struct State {
        var rules: [ArmedRule] = []
        var seed: UInt64
        var added = 0
    }

    private let clock: TestClock
    private let state: Mutex<State>
    private let count = Atomic<Int>(0)

    /// A plan of no faults.
    ///
    /// - Parameters:
    ///   - seed: what chance is drawn from.
    ///   - clock: whose moments the windows of rules are.
    public init(seed: UInt64 = 0, clock: TestClock) {
        self.clock = clock
        state = Mutex(State(seed: seed))
    }

    /// Whether nothing is to go wrong: one atomic load.
    public var isEmpty: Bool { count.load(ordering: .relaxed) == 0 }

    /// The rules, in their order.
    public var entries: [Entry] { state.withLock { $0.rules.map(\.entry) } }

    /// Adds a rule behind the others.
    ///
    /// - Returns: What it is called.
    /// - Throws: ``Refused``.
    @discardableResult
    public func add(_ rule: FaultRule) throws(Refused) -> Entry {
        if let reason = rule.meaningless { throw .meaningless(reason) }
        let entry = state.withLock { state -> Entry? in
            guard state.rules.count < Self.limit else { return nil }
            state.added += 1
            let rule = ArmedRule(id: "fault-\(state.added)", rule, seed: state.seed)
            state.rules.append(rule)
            count.store(state.rules.count, ordering: .relaxed)
            return rule.entry
        }
        guard let entry else { throw .tooMany }
        return entry
    }

    /// Removes a rule; returns whether there was one.
    @discardableResult
    public func remove(_ id: String) -> Bool {
        state.withLock { state in
            let before = state.rules.count
            state.rules.removeAll { $0.id == id }
            count.store(state.rules.count, ordering: .relaxed)
            return state.rules.count < before
        }
    }

    /// Removes all rules, and starts anew: the next rule is called as the first was.
    ///
    /// - Parameter seed: what chance is drawn from; `nil` for what it was.
    public func clear(seed: UInt64? = nil) {
        state.withLock { state in
            state = State(seed: seed ?? state.seed)
            count.store(0, ordering: .relaxed)
        }
    }

    /// What goes wrong with a request, in the order of the rules; counts it.
    func faults(of request: FaultSubject) -> [AppliedFault] {
        let now = clock.now()
        return state.withLock { state in
            var faults: [AppliedFault] = []
            for place in state.rules.indices {
                guard let fault = state.rules[place].apply(to: request, at: now) else { continue }
                faults.append(fault)
                if fault.effect.isFinal { break }
            }
            return faults
        }
    }
}
