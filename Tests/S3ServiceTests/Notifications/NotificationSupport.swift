import Digests
import Logging
import NIOHTTP1
import ObjectStore
import S3Protocol
import Synchronization
import Testing

@testable import S3Service

/// The queue that most of these tests tell.
let eventQueue = "arn:aws:sqs:us-east-1:000000000000:jobs"

/// A rule for a queue.
func queueRule(
    _ events: String...,
    id: String = "r",
    arn: String = eventQueue,
    filter: [(name: String, value: String)] = []
) -> String {
    let rules = filter.map {
        "<FilterRule><Name>\($0.name)</Name><Value>\($0.value)</Value></FilterRule>"
    }
    let element = rules.isEmpty ? "" : "<Filter><S3Key>\(rules.joined())</S3Key></Filter>"
    let names = events.map { "<Event>\($0)</Event>" }.joined()
    return "<QueueConfiguration><Id>\(id)</Id><Queue>\(arn)</Queue>\(names)\(element)"
        + "</QueueConfiguration>"
}

extension TestS3 {
    /// Says who is to be told of `photos`.
    @discardableResult
    func notify(_ rules: String..., headers: HTTPHeaders = [:]) async -> Reply {
        await send(
            .PUT,
            "/photos?notification",
            "<NotificationConfiguration>\(rules.joined())</NotificationConfiguration>",
            headers: headers
        )
    }

    /// Takes everything out of a mailbox.
    func told(_ destination: String = eventQueue) async throws -> [String] {
        var texts: [String] = []
        while true {
            let page = try await store.mailbox.take(from: destination, limit: 10, hidingFor: 30)
            guard !page.isEmpty else { return texts }
            for message in page {
                texts.append(String(decoding: message.body, as: UTF8.self))
                try await store.mailbox.settle(message.id, of: destination)
            }
        }
    }

    /// The names of the events in a mailbox, without the one that tests it.
    func events(_ destination: String = eventQueue) async throws -> [String] {
        try await told(destination).compactMap { $0.value(of: "eventName") }
    }
}

extension String {
    /// The string of a member, in JSON on one line.
    func value(of name: String) -> String? {
        guard let start = firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
        return String(self[start...].prefix { $0 != "\"" })
    }
}

/// Webhooks that remember what they were sent, and answer what they are told to.
final class TestWebhooks: Sendable {
    private struct State {
        var requests: [WebhookRequest] = []
        var status = 200
    }

    private let state = Mutex(State())

    var requests: [WebhookRequest] { state.withLock { $0.requests } }

    func answer(_ status: Int) { state.withLock { $0.status = status } }

    func receive(_ request: WebhookRequest) -> Int {
        state.withLock { state in
            state.requests.append(request)
            return state.status
        }
    }
}
