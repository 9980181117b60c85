import NIOCore

/// What came after a request whose response is not finished: requests sent ahead.
///
/// All of it came in the one read that brought the end of the request, for nothing is read while
/// somebody waits; a limit on their number bounds what tiny requests cost in memory.
struct Backlog {
    private let limit: Int
    private var arrivals = CircularBuffer<ConnectionState.Arrival>()
    private var heads = 0
    /// Whether too much came, so that nothing more is looked at.
    private var isOverfull = false
    /// Whether the client closed its side.
    private var inputEnded = false

    /// Room for `limit` requests.
    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { arrivals.isEmpty }

    /// Whether the input ended, and nothing waits before that.
    var isAtEnd: Bool {
        switch arrivals.first {
        case nil: inputEnded
        case .endOfInput?: true
        default: false
        }
    }

    /// Whether an arrival counts: nothing does after the end, and little after too much.
    mutating func admits(_ arrival: ConnectionState.Arrival) -> Bool {
        guard case .endOfInput = arrival else { return !isOverfull }
        defer { inputEnded = true }
        return !inputEnded
    }

    mutating func append(_ arrival: ConnectionState.Arrival) {
        if case .head = arrival { heads += 1 }
        isOverfull = isOverfull || heads > limit
        if isOverfull, case .head = arrival {
            arrivals.append(.refusal(.tooManyWaiting))
        } else {
            arrivals.append(arrival)
        }
    }

    mutating func popFirst() -> ConnectionState.Arrival? {
        let first = arrivals.popFirst()
        if case .head? = first { heads -= 1 }
        return first
    }

    mutating func removeAll() { arrivals.removeAll() }
}
