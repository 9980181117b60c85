import ObjectStore
import S3Protocol
import S3Service

/// Sends events to one webhook in the background, for as long as the daemon serves: one that does not answer keeps no
/// other waiting.
final class WebhookTask: Sendable {
    /// The longest time without a look, in milliseconds: a clock that is set must not hold events back for long.
    private static let longestPause: Int64 = 60_000

    private let task: Task<Void, Never>

    /// Sends what an earlier daemon left, and then each event when it is written or due again.
    init(_ delivery: WebhookDelivery, _ mailbox: Mailbox, time: any TimeSource = SystemTime()) {
        task = Task {
            try? await delivery.retryNow()
            while !Task.isCancelled {
                let seen = mailbox.rings
                await delivery.deliverDue()
                let due = (try? delivery.nextDue()) ?? nil
                let pause = due.map { $0.milliseconds - time.now().milliseconds }
                let bounded = min(max(pause ?? Self.longestPause, 10), Self.longestPause)
                await mailbox.wait(after: seen, atMost: .milliseconds(bounded))
                if mailbox.isClosed { return }
            }
        }
    }

    deinit { task.cancel() }

    /// Ends the request that is under way; its event is sent again after the next start.
    func stop() async {
        task.cancel()
        await task.value
    }
}
