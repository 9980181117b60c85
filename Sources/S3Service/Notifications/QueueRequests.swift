import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol

/// Pail's own queues, read and acknowledged: `/_pail/queues/NAME/messages`.
///
/// docs/notifications.md
struct QueueRequests: Sendable {
    private let destinations: NotificationDestinations
    private let mailbox: Mailbox

    /// How long a reader may wait, in seconds, and how many messages it may have at a time: as SQS has it.
    private static let longestWait = 20
    private static let mostMessages = 10
    /// For how long a message that was handed out is hidden, in seconds, unless the reader says otherwise.
    private static let usualHiding = 30
    private static let longestHiding = 43_200

    init(_ destinations: NotificationDestinations, _ mailbox: Mailbox) {
        self.destinations = destinations
        self.mailbox = mailbox
    }

    /// Answers a request of the root key.
    ///
    /// - Throws: ``S3Error`` with `NoSuchKey` for a path that is none or a receipt that is of no message,
    ///   `MethodNotAllowed` or `InvalidArgument`.
    func answer(_ request: S3Request) async throws -> HTTPResponse {
        let parts = request.key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "queues", parts[2] == "messages",
            let queue = destinations.queue(named: String(parts[1]))
        else { throw S3Error(.noSuchKey, details: [.init("Key", request.key)]) }
        switch request.method {
        case .GET: return try await read(queue, request)
        case .DELETE: return try await acknowledge(queue, request)
        default: throw S3Error(.methodNotAllowed)
        }
    }

    private func read(_ queue: String, _ request: S3Request) async throws -> HTTPResponse {
        let wait = try request.number("wait", in: 0...Self.longestWait) ?? 0
        let limit = try request.number("max", in: 1...Self.mostMessages) ?? 1
        let hiding =
            try request.number("hide", in: 0...Self.longestHiding) ?? Self.usualHiding
        let end = ContinuousClock.now + .seconds(wait)
        while true {
            let seen = mailbox.rings
            let messages = try await mailbox.take(
                from: queue,
                limit: limit,
                hidingFor: Int64(hiding)
            )
            let now = ContinuousClock.now
            guard messages.isEmpty, now < end else { return Self.response(messages) }
            // A message that was hidden rings no bell when it is due again: look each second too.
            await mailbox.wait(after: seen, atMost: min(end - now, .seconds(1)))
            guard !mailbox.isClosed else { return Self.response([]) }
        }
    }

    private func acknowledge(_ queue: String, _ request: S3Request) async throws -> HTTPResponse {
        let text = request.query["receipt"] ?? ""
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard numbers.count == 2, let id = numbers[0], let attempts = numbers[1],
            (0...Int64(Int32.max)).contains(attempts)
        else {
            throw S3Error(
                .invalidArgument,
                "The receipt is none that a message came with.",
                details: [.init("ArgumentName", "receipt"), .init("ArgumentValue", text)]
            )
        }
        guard try await mailbox.settle(id, of: queue, attempts: Int(attempts)) else {
            throw S3Error(
                .noSuchKey,
                "The message was acknowledged already, or has been handed out again since.",
                details: [.init("Receipt", text)]
            )
        }
        return HTTPResponse(status: .noContent)
    }

    /// The messages as JSON: what each says stands in it as it is, for that is JSON too.
    private static func response(_ messages: [Message]) -> HTTPResponse {
        let list = messages.map { message in
            let body = String(decoding: message.body, as: UTF8.self)
            return "{\"id\":\(message.id),\"receipt\":\"\(message.id)-\(message.attempts)\","
                + "\"attempt\":\(message.attempts),\"body\":\(body)}"
        }
        return HTTPResponse(
            headers: ["Content-Type": "application/json"],
            body: .bytes(ByteBuffer(string: "{\"messages\":[\(list.joined(separator: ","))]}\n"))
        )
    }
}
