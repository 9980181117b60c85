import HTTPMessage
import NIOCore

/// How far one request has come, from its head to the end of its response.
struct RequestProgress {
    /// What is still to come of the request.
    enum Input: Hashable {
        case arriving
        case complete
        /// The rest will never come, or nobody can tell where it ends.
        case lost
    }

    private(set) var input: Input
    /// Whether another request may follow.
    var keepAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    private(set) var awaitsInvitation = false
    private var watch: StallWatch
    private var announced: Int?
    private var received = 0

    /// A request whose body has yet to come.
    init(_ head: CheckedHead, watch: StallWatch) {
        input = .arriving
        keepAlive = head.keepAlive
        awaitsInvitation = head.expectsContinue
        if case .length(let length) = head.framing { announced = length }
        self.watch = watch
    }

    /// A request that is refused: whatever follows it is not looked at.
    init(refusedWith watch: StallWatch) {
        input = .lost
        keepAlive = false
        self.watch = watch
    }

    /// Takes what came of the request.
    mutating func receive(
        _ arrival: ConnectionState.Arrival,
        at now: NIODeadline
    ) -> ConnectionState.Action? {
        guard input == .arriving else { return nil }
        switch arrival {
        case .head: return nil
        case .body(let bytes):
            received += bytes.readableBytes
            awaitsInvitation = false
            watch.bytesArrived(at: now)
            return .deliver(bytes)
        case .end:
            input = .complete
            awaitsInvitation = false
            return .complete
        case .refusal:
            input = .lost
            return .failBody(.malformed)
        case .endOfInput:
            input = .lost
            return .failBody(.connectionClosed)
        }
    }

    /// Whether the client must be invited now: once, and never after the response began, for then
    /// it would read the invitation as a second response.
    mutating func takeInvitation() -> Bool {
        defer { awaitsInvitation = false }
        return awaitsInvitation
    }

    /// Whether the next request can be found after this one, at an acceptable price.
    func leavesReusable(draining limit: Int) -> Bool {
        switch input {
        case .lost: false
        case .complete: true
        // Who was not invited may or may not send the body: what comes next is anyone's guess.
        case .arriving: !awaitsInvitation && (announced ?? received) - received <= limit
        }
    }

    /// When ``check(at:reader:sent:unsent:)`` is due.
    var deadline: NIODeadline { watch.deadline }

    /// Looks whether the request makes progress.
    mutating func check(
        at now: NIODeadline,
        reader: NIODeadline?,
        sent: Int,
        unsent: Int
    ) -> ConnectionState.Action? {
        switch watch.check(at: now, reader: reader, sent: sent, unsent: unsent) {
        case nil: return nil
        case .ofResponse?: return .cut
        case .ofBody?:
            input = .lost
            return .failBody(.stalled)
        }
    }
}
