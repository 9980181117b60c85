public import Logging
public import ObjectStore
public import S3Protocol

/// Takes events from their mailbox to a webhook that was allowed.
///
/// An event is sent until a webhook answers 2xx, with growing pauses, and given up after ``maximumAttempts``. Events about
/// one key go one after the other, so one that fails holds back those behind it and no others.
public struct WebhookDelivery: Sendable {
    /// How often an event is sent in vain before it is given up: with the pauses, 24 hours.
    public static let maximumAttempts = 300
    /// The longest pause, in seconds.
    public static let longestPause: Int64 = 300
    /// How many events are looked at together.
    private static let batch = 16

    /// Sends a request, to its URL and nowhere else, and answers the status; throws where there was none.
    public typealias Send = @Sendable (WebhookRequest) async throws -> Int

    private let webhook: Webhook
    private let mailbox: Mailbox
    private let secret: WebhookSecret
    private let time: any TimeSource
    private let logger: Logger
    private let send: Send

    /// Gathers what deliveries need.
    ///
    /// - Parameters:
    ///   - webhook: An address that is allowed.
    ///   - mailbox: Where the events are.
    ///   - secret: What they are signed with.
    ///   - time: The clock.
    ///   - logger: Is told what was not delivered, and why.
    ///   - send: Sends one request.
    public init(
        _ webhook: Webhook,
        mailbox: Mailbox,
        secret: WebhookSecret,
        time: any TimeSource,
        logger: Logger,
        send: @escaping Send
    ) {
        self.webhook = webhook
        self.mailbox = mailbox
        self.secret = secret
        self.time = time
        self.logger = logger
        self.send = send
    }

    /// Makes all that waits for its next attempt due now: whoever was not there may be back.
    ///
    /// - Throws: What writing to the index throws.
    public func retryNow() async throws { try await mailbox.retryNow(webhook.mailbox) }

    /// When the next event is due; `nil` where none waits.
    ///
    /// - Throws: What reading the index throws.
    public func nextDue() throws -> Timestamp? { try mailbox.nextDue(for: webhook.mailbox) }

    /// Seconds until an event that was sent in vain so often is sent again: doubled each time, up to ``longestPause``.
    public static func pause(after attempts: Int) -> Int64 {
        attempts >= 10 ? longestPause : min(longestPause, 1 << Int64(max(0, attempts - 1)))
    }

    /// Sends everything that is due.
    ///
    /// - Returns: Whether the store took note of all of it. Where it did not, the same would be sent again at once: whoever
    ///   asks again waits, ever longer, as after a delivery that failed.
    @discardableResult
    public func deliverDue() async -> Bool {
        do {
            while !Task.isCancelled {
                let messages = try mailbox.due(for: webhook.mailbox, limit: Self.batch)
                guard !messages.isEmpty else { return true }
                var held: Set<String> = []
                for message in messages where !held.contains(message.subject) {
                    guard !Task.isCancelled else { return true }
                    if try await !deliver(message) { held.insert(message.subject) }
                }
            }
            return true
        } catch {
            logger.error(
                "Events cannot be delivered: \(error)",
                metadata: ["webhook": "\(webhook.name)"]
            )
            return false
        }
    }

    /// Sends one event; answers whether those behind it may go.
    private func deliver(_ message: Message) async throws -> Bool {
        let failure: String?
        do {
            let request = WebhookRequest(message, to: webhook, at: time.now(), secret: secret)
            let status = try await send(request)
            failure = (200...299).contains(status) ? nil : "it answered \(status)"
        } catch is CancellationError {
            return false
        } catch {
            failure = "\(error)"
        }
        guard let failure else {
            // What fails here is the store's, and no fault of the webhook's.
            try await mailbox.settle(message.id, of: webhook.mailbox)
            return true
        }
        let attempts = message.attempts + 1
        let isGivenUp = attempts >= Self.maximumAttempts
        logger.warning(
            isGivenUp
                ? "An event was given up: \(failure)" : "An event was not delivered: \(failure)",
            metadata: [
                "webhook": "\(webhook.name)", "event": "\(message.id)", "attempt": "\(attempts)",
            ]
        )
        if isGivenUp {
            try await mailbox.settle(message.id, of: webhook.mailbox)
        } else {
            try await mailbox.postpone(message, bySeconds: Self.pause(after: attempts))
        }
        return isGivenUp
    }
}
