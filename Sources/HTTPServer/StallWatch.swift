import NIOCore

/// Notices that a request under way makes no progress, by looking now and then.
///
/// Nothing is scheduled or stored for each piece that is written, which keeps the fast path free of
/// it; the price is that a stall is noticed after one to two times the limit.
struct StallWatch {
    /// What stalled.
    enum Stall: Hashable {
        /// The client sends nothing of a body that is waited for.
        case ofBody
        /// The client takes nothing of the response.
        case ofResponse
    }

    /// When to look next.
    private(set) var deadline: NIODeadline
    private let body: TimeAmount
    private let write: TimeAmount
    private var lastArrival: NIODeadline
    private var sent = 0
    private var unsent = 0
    private var unsentSince: NIODeadline

    init(_ limits: ConnectionLimits, at now: NIODeadline) {
        body = limits.bodyStall
        write = limits.writeStall
        lastArrival = now
        unsentSince = now
        deadline = now + min(body, write)
    }

    mutating func bytesArrived(at now: NIODeadline) { lastArrival = now }

    /// Looks whether anything moved.
    ///
    /// Of a response in pieces of one length as much may be unsent as the last time, though pieces went since.
    mutating func check(
        at now: NIODeadline,
        reader: NIODeadline?,
        sent: Int,
        unsent: Int
    ) -> Stall? {
        deadline = now + min(body, write)
        if (sent, unsent) != (self.sent, self.unsent) {
            (self.sent, self.unsent) = (sent, unsent)
            unsentSince = now
        }
        if unsent > 0 {
            let due = unsentSince + write
            if due <= now { return .ofResponse }
            deadline = min(deadline, due)
        }
        if let reader {
            let due = max(reader, lastArrival) + body
            if due <= now { return .ofBody }
            deadline = min(deadline, due)
        }
        return nil
    }
}

/// The limits of one connection, in NIO's units.
struct ConnectionLimits {
    let waitingRequests: Int
    let drainBytes: Int
    let idle: TimeAmount
    let header: TimeAmount
    let bodyStall: TimeAmount
    let writeStall: TimeAmount
    let drain: TimeAmount
    let linger: TimeAmount

    init(_ limits: HTTPLimits) {
        waitingRequests = limits.waitingRequests
        drainBytes = limits.drainBytes
        idle = TimeAmount(limits.idleTime)
        header = TimeAmount(limits.headerTime)
        bodyStall = TimeAmount(limits.bodyStallTime)
        writeStall = TimeAmount(limits.writeStallTime)
        drain = TimeAmount(limits.drainTime)
        linger = TimeAmount(limits.lingerTime)
    }
}
