public import HTTPMessage
import NIOCore
public import NIOHTTP1
public import S3Client
import Synchronization

/// Carries requests by another transport, with the faults that a test asks for, and remembers them.
public final class FaultyTransport: HTTPTransport {
    /// What goes wrong with one request.
    public enum Fault: Sendable {
        /// The connection breaks before the server has the request.
        case refuse
        /// The connection breaks after the server has done what was asked.
        case loseReply
        /// Somebody else answers, with this.
        case answer(HTTPResponseStatus, HTTPHeaders, String)
        /// The reply is cut after some bytes of its body.
        case cut(after: Int)
        /// A bit of the reply's body, counted from 0 in bytes, is not what it was.
        case flip(byte: Int)
        /// The request is cancelled with the task that sends it, which the test does in this closure.
        case during(@Sendable () async throws -> Void)
    }

    /// What a broken connection throws.
    public struct ConnectionBroken: Error {
        /// Breaks.
        public init() {}
    }

    /// Decides on the fault of a request, by its place in the order from 0.
    public typealias Script = @Sendable (Int, HTTPRequest) -> Fault?

    private let other: any HTTPTransport
    private let script: Script
    private let kept = Mutex<[Sent]>([])

    /// A request that was sent.
    public struct Sent: Sendable {
        /// It itself.
        public let request: HTTPRequest
        /// Where to.
        public let origin: HTTPOrigin

        /// The method and the target, as a line.
        public var line: String { "\(request.method) \(request.target)" }
        /// A header field.
        public func header(_ name: String) -> String? { request.headers.first(name: name) }
    }

    /// Puts faults between a client and another transport.
    public init(_ other: any HTTPTransport, _ script: @escaping Script = { _, _ in nil }) {
        self.other = other
        self.script = script
    }

    /// What was sent so far, in order.
    public var sent: [Sent] { kept.withLock { $0 } }

    /// Sends, or fails.
    public func send(
        _ request: HTTPRequest,
        to origin: HTTPOrigin
    ) async throws -> TransportResponse {
        let place = kept.withLock { kept in
            kept.append(Sent(request: request, origin: origin))
            return kept.count - 1
        }
        switch script(place, request) {
        case nil: return try await other.send(request, to: origin)
        case .refuse: throw ConnectionBroken()
        case .loseReply:
            _ = try await other.send(request, to: origin)
            throw ConnectionBroken()
        case .answer(let status, let headers, let body):
            let bytes = ByteBuffer(string: body)
            return TransportResponse(status: status, headers: headers, body: HTTPBody(bytes))
        case .cut(let count):
            var response = try await other.send(request, to: origin)
            response.body = response.body.cut(after: count)
            return response
        case .flip(let byte):
            var response = try await other.send(request, to: origin)
            response.body = response.body.flipped(at: byte)
            return response
        case .during(let act):
            try await act()
            try Task.checkCancellation()
            return try await other.send(request, to: origin)
        }
    }
}

extension HTTPBody {
    fileprivate func cut(after count: Int) -> HTTPBody {
        let left = Mutex(count)
        return HTTPBody(length: length) {
            let rest = left.withLock { $0 }
            guard rest > 0, var piece = try await next() else {
                throw FaultyTransport.ConnectionBroken()
            }
            let part = piece.readSlice(length: min(rest, piece.readableBytes))
            left.withLock { $0 -= part?.readableBytes ?? 0 }
            return part
        }
    }

    fileprivate func flipped(at place: Int) -> HTTPBody {
        let position = Mutex(0)
        return HTTPBody(length: length) {
            guard var piece = try await next() else { return nil }
            let start = position.withLock { position in
                defer { position += piece.readableBytes }
                return position
            }
            let index = piece.readerIndex + place - start
            if let byte = piece.getInteger(at: index, as: UInt8.self) {
                piece.setInteger(byte ^ 1, at: index)
            }
            return piece
        }
    }
}
