import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// The rules of a connection, event by event, on a clock that the test sets.
@Suite final class ConnectionStateTests {
    private var state: ConnectionState
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private static let limits = {
        var limits = HTTPLimits()
        limits.waitingRequests = 2
        limits.drainBytes = 100
        return limits
    }()

    init() {
        state = ConnectionState(limits: Self.limits, at: start)
    }

    private static func head(
        _ method: HTTPMethod = .GET,
        _ fields: (String, String)...,
        version: HTTPVersion = .http1_1
    ) -> ConnectionState.Arrival {
        .head(
            HTTPRequestHead(
                version: version,
                method: method,
                uri: "/",
                headers: HTTPHeaders([("Host", "h")] + fields)
            )
        )
    }

    private static func body(_ count: Int) -> ConnectionState.Arrival {
        .body(ByteBuffer(repeating: 0, count: count))
    }

    /// What the state orders, in a word.
    private func receive(_ arrivals: ConnectionState.Arrival...) -> [String] {
        arrivals.map { name(state.receive($0, at: start)) }
    }

    private func name(_ action: ConnectionState.Action?) -> String {
        switch action {
        case nil: "-"
        case .open: "open"
        case .deliver(let bytes): "deliver \(bytes.readableBytes)"
        case .complete: "complete"
        case .failBody(let error): "fail \(error)"
        case .refuse(let refusal): "refuse \(refusal)"
        case .halfClose: "half close"
        case .close: "close"
        case .cut: "cut"
        }
    }

    private func startAnew() { state = ConnectionState(limits: Self.limits, at: start) }
    private func ask() -> Bool { state.bodyAsked() }
    private func begin() -> Bool { state.beginResponse() }
    private func finish() -> String { name(state.finishResponse(at: start)) }
    private func next() -> String { name(state.next(at: start)) }
    private func shutDown() -> String { name(state.shutDown(at: start)) }
    private func ring(at now: NIODeadline, reader: NIODeadline?, unsent: Int) -> String {
        name(state.ring(at: now, reader: reader, unsent: unsent))
    }

    @Test func `a request opens, delivers, completes, and another may follow`() {
        for _ in 0..<2 {
            #expect(
                receive(Self.head(.PUT, ("Content-Length", "3")), Self.body(3), .end)
                    == ["open", "deliver 3", "complete"]
            )
            #expect(!state.wantsInput)
            #expect(begin())
            #expect(finish() == "-")
            #expect(state.wantsInput)
        }
    }

    @Test func `what is sent ahead waits for the response`() {
        #expect(receive(Self.head(), .end) == ["open", "complete"])
        #expect(receive(Self.head(), .end, Self.head(), .end) == ["-", "-", "-", "-"])
        for left in [2, 1] {
            #expect(next() == "-")
            #expect(begin())
            #expect(finish() == "-")
            #expect(!state.wantsInput)
            #expect(next() == "open", "\(left)")
            #expect(next() == "complete", "\(left)")
        }
    }

    @Test func `only so much may be sent ahead`() {
        _ = receive(Self.head(), .end)
        for _ in 0..<5 { _ = receive(Self.head(), .end) }
        var orders: [String] = []
        for _ in 0..<3 {
            _ = begin()
            _ = finish()
            orders.append(next())
            _ = next()
        }
        #expect(orders == ["open", "open", "refuse tooManyWaiting"])
        #expect(!begin())
        #expect(finish() == "half close")
        #expect(receive(.endOfInput) == ["cut"])
    }

    @Test func `the last response before the end of the input says close`() {
        _ = receive(Self.head(), .end, Self.head(), .end, .endOfInput)
        #expect(begin())
        #expect(finish() == "-")
        #expect(next() == "open")
        #expect(next() == "complete")
        #expect(!begin())
        #expect(finish() == "close")
    }

    @Test func `an invitation is sent once, and only before anything else`() {
        let expecting = Self.head(.PUT, ("Expect", "100-continue"), ("Content-Length", "3"))
        _ = receive(expecting)
        #expect(ask())
        #expect(!ask())

        startAnew()
        _ = receive(expecting, Self.body(1))
        #expect(!ask())

        startAnew()
        _ = receive(expecting)
        #expect(!begin())
        #expect(!ask())

        startAnew()
        _ = receive(Self.head(.PUT, ("Content-Length", "3")))
        #expect(!ask())
    }

    @Test func `an unread body is drained up to the limit`() {
        _ = receive(Self.head(.PUT, ("Transfer-Encoding", "chunked")), Self.body(500))
        #expect(begin())
        #expect(finish() == "-")
        #expect(receive(Self.body(60), Self.body(40)) == ["-", "-"])
        #expect(receive(.end, Self.head()) == ["-", "open"])

        startAnew()
        _ = receive(Self.head(.PUT, ("Transfer-Encoding", "chunked")))
        _ = begin()
        _ = finish()
        #expect(receive(Self.body(60), Self.body(41), Self.body(9)) == ["-", "half close", "-"])

        startAnew()
        _ = receive(Self.head(.PUT, ("Content-Length", "101")))
        #expect(!begin())
    }

    @Test(arguments: [
        (ConnectionState.Arrival.endOfInput, "fail connectionClosed"),
        (.refusal(.malformed), "fail malformed"),
    ])
    func `a body that breaks off fails, and nothing follows it`(
        _ arrival: ConnectionState.Arrival,
        _ expected: String
    ) {
        _ = receive(Self.head(.PUT, ("Content-Length", "9")), Self.body(1))
        #expect(receive(arrival) == [expected])
        #expect(receive(Self.body(1), .end, Self.head()) == ["-", "-", "-"])
        #expect(!begin())
    }

    @Test func `reading stops while the body's reader is full`() {
        _ = receive(Self.head(.PUT, ("Content-Length", "9")))
        #expect(state.wantsInput)
        state.bodyFilled()
        #expect(!state.wantsInput)
        state.bodyEmptied()
        #expect(state.wantsInput)
    }

    @Test func `shutting down closes what is idle and ends what is not`() {
        #expect(shutDown() == "close")

        startAnew()
        _ = receive(Self.head(), .end)
        #expect(shutDown() == "-")
        #expect(!begin())
        #expect(finish() == "half close")

        startAnew()
        _ = receive(Self.head(), .end)
        #expect(begin())
        #expect(shutDown() == "-")
        #expect(finish() == "half close")
    }

    @Test func `each phase has its deadline`() {
        func after(_ duration: Duration) -> NIODeadline { start + TimeAmount(duration) }
        let limits = Self.limits
        #expect(state.deadline == after(limits.idleTime))
        state.receivedFragment(at: start)
        #expect(state.deadline == after(limits.headerTime))
        let early = after(limits.headerTime) - .nanoseconds(1)
        #expect(ring(at: early, reader: nil, unsent: 0) == "-")
        let due = after(limits.headerTime)
        #expect(ring(at: due, reader: nil, unsent: 0) == "refuse headerTimeout")

        startAnew()
        #expect(ring(at: after(limits.idleTime), reader: nil, unsent: 0) == "close")
        #expect(state.deadline == nil)

        startAnew()
        _ = receive(Self.head(.PUT, ("Content-Length", "9")))
        _ = begin()
        _ = finish()
        #expect(state.deadline == after(limits.drainTime))
        #expect(
            ring(at: after(limits.drainTime), reader: nil, unsent: 0) == "half close"
        )
        let end = after(limits.drainTime) + TimeAmount(limits.lingerTime)
        #expect(state.deadline == end)
        #expect(ring(at: end, reader: nil, unsent: 0) == "cut")
    }

    @Test func `a reader that waits too long has stalled, a busy one has not`() throws {
        _ = receive(Self.head(.PUT, ("Content-Length", "9")))
        let first = try #require(state.deadline)
        #expect(ring(at: first, reader: nil, unsent: 0) == "-")
        let asked = first + .seconds(1)
        let second = try #require(state.deadline)
        #expect(ring(at: second, reader: asked, unsent: 0) == "-")
        let due = asked + TimeAmount(Self.limits.bodyStallTime)
        #expect(state.deadline == due)
        #expect(ring(at: due, reader: asked, unsent: 0) == "fail stalled")
        #expect(!begin())
    }

    @Test func `a response that moves has not stalled, however slowly`() throws {
        _ = receive(Self.head(), .end)
        _ = begin()
        var now = start
        for unsent in [1000, 999, 998] {
            now = try #require(state.deadline)
            #expect(ring(at: now, reader: nil, unsent: unsent) == "-")
        }
        now = try #require(state.deadline)
        #expect(ring(at: now, reader: nil, unsent: 998) == "cut")
    }

    @Test func `a response in pieces of one length moves, though as much is unsent each time`()
        throws
    {
        _ = receive(Self.head(), .end)
        _ = begin()
        for sent in [65_536, 131_072, 196_608] {
            let now = try #require(state.deadline)
            #expect(name(state.ring(at: now, reader: nil, sent: sent, unsent: 65_624)) == "-")
        }
        let now = try #require(state.deadline)
        #expect(name(state.ring(at: now, reader: nil, sent: 196_608, unsent: 65_624)) == "cut")
    }
}
