import Digests
import ObjectStore
import S3Protocol

/// An address that events may be sent to, because it was allowed by name when the daemon was started.
public struct Webhook: Sendable, Hashable {
    /// The name, by which a notification means it: the last part of a topic's or a function's ARN.
    public let name: String
    /// The address: `http` or `https`, a host, and a path.
    public let url: String

    /// Allows an address.
    public init(name: String, url: String) {
        self.name = name
        self.url = url
    }

    /// The name of its mailbox.
    static func mailbox(_ name: String) -> String { "webhook:\(name)" }

    var mailbox: String { Self.mailbox(name) }
}

/// A request that takes an event to a webhook.
public struct WebhookRequest: Sendable, Hashable {
    /// Where to.
    public let url: String
    /// The header fields, in order, beside those that the connection needs.
    public let headers: [Field]
    /// The event.
    public let body: [UInt8]

    /// A field of the head.
    public struct Field: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value.
        public let value: String

        /// Describes a field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Describes a request.
    public init(url: String, headers: [Field], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// Signs an event: a keyed digest of the moment and the body, so that neither can be changed nor used again later.
    ///
    /// docs/notifications.md shows how to verify it.
    init(_ message: Message, to webhook: Webhook, at now: Timestamp, secret: WebhookSecret) {
        url = webhook.url
        body = message.body
        let moment = String(now.seconds)
        headers = [
            Field(name: "Content-Type", value: "application/json"),
            Field(name: "Pail-Event-Id", value: String(message.id)),
            Field(name: "Pail-Attempt", value: String(message.attempts + 1)),
            Field(name: "Pail-Timestamp", value: moment),
            Field(name: "Pail-Signature", value: "v1=" + secret.signature(of: body, at: moment)),
        ]
    }
}

/// What webhooks know Pail by.
public struct WebhookSecret: Sendable, CustomStringConvertible {
    /// Fewer characters could be guessed.
    public static let minimumLength = 16

    private let bytes: [UInt8]

    /// Takes a secret.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// Never the secret.
    public var description: String { "a secret" }

    /// HMAC-SHA-256 of the moment, a full stop and the body, in hexadecimal.
    func signature(of body: [UInt8], at moment: String) -> String {
        Hex.encode(HMAC.sha256(key: bytes, Array("\(moment).".utf8) + body))
    }
}
