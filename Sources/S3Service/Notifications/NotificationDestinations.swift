import ObjectStore
import S3Protocol

/// Where notifications may go: to the queues that Pail keeps itself, and to the webhooks that were allowed by name.
///
/// An address never comes out of a request. docs/notifications.md
struct NotificationDestinations: Sendable {
    /// The names of the webhooks.
    let webhooks: Set<String>
    let region: String
    let directory: Directory

    /// The name that EventBridge goes by among webhooks and queues.
    static let bridge = "eventbridge"

    /// Characters of a queue's name, as SQS has it.
    private static let nameLength = 80

    /// The mailbox of a destination.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` where there is no such destination, or it is elsewhere.
    func mailbox(of rule: NotificationRule, in bucket: Bucket) throws(S3Error) -> String {
        guard let arn = ARN(rule.arn), arn.service == rule.kind.service else {
            throw S3Error(
                .invalidArgument,
                "The ARN is not well formed",
                details: [
                    .init("ArgumentName", rule.kind.destinationElement),
                    .init("ArgumentValue", rule.arn),
                ]
            )
        }
        guard arn.region == bucket.region else {
            throw S3Error(
                .invalidArgument,
                "The notification destination service region is not valid for the bucket location "
                    + "constraint",
                details: [
                    .init("ArgumentName", rule.kind.destinationElement),
                    .init("ArgumentValue", rule.arn),
                ]
            )
        }
        guard let mailbox = mailbox(arn) else {
            throw S3Error(
                .invalidArgument,
                "Unable to validate the following destination configurations",
                details: [
                    .init("ArgumentName", rule.arn),
                    .init("ArgumentValue", rule.kind.absence(of: rule.arn)),
                ],
                logged:
                    "\(rule.arn) is neither a queue of an account here nor a webhook (--webhook)"
            )
        }
        return mailbox
    }

    /// The mailbox of EventBridge: its webhook where one is allowed, else a queue in the bucket's region.
    func bridgeMailbox(of bucket: Bucket) -> String {
        guard !webhooks.contains(Self.bridge) else { return Webhook.mailbox(Self.bridge) }
        return Self.queue(Self.bridge, region: bucket.region, account: directory.rootAccount.number)
    }

    /// The queue that a path names: by its ARN, or by its name alone for one of the root account in the daemon's region.
    func queue(named name: String) -> String? {
        if name.hasPrefix("arn:") {
            return ARN(name).flatMap { $0.service == "sqs" ? mailbox($0) : nil }
        }
        guard Self.isQueueName(name) else { return nil }
        return Self.queue(name, region: region, account: directory.rootAccount.number)
    }

    private func mailbox(_ arn: ARN) -> String? {
        if webhooks.contains(arn.name), arn.service != "sqs", isAccount(arn.account) {
            return Webhook.mailbox(arn.name)
        }
        guard arn.service == "sqs", isAccount(arn.account), Self.isQueueName(arn.name) else {
            return nil
        }
        return Self.queue(arn.name, region: arn.region, account: arn.account)
    }

    private func isAccount(_ number: String) -> Bool {
        directory.accounts.contains { $0.number == number }
    }

    private static func queue(_ name: String, region: String, account: String) -> String {
        "arn:aws:sqs:\(region):\(account):\(name)"
    }

    /// Queues that keep an order of their own, `.fifo`, are none that S3 sends to.
    private static func isQueueName(_ name: String) -> Bool {
        (1...nameLength).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

/// The parts of a destination's ARN.
private struct ARN {
    let service: Substring
    let region: String
    let account: String
    /// The name of the queue, the topic or the function, without a function's alias.
    let name: String

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0] == "arn", parts[1].hasPrefix("aws"),
            parts.allSatisfy({ !$0.isEmpty })
        else { return nil }
        service = parts[2]
        region = String(parts[3])
        account = String(parts[4])
        switch service {
        case "lambda":
            guard (7...8).contains(parts.count), parts[5] == "function" else { return nil }
            name = String(parts[6])
        case "sns", "sqs":
            guard parts.count == 6 else { return nil }
            name = String(parts[5])
        default: return nil
        }
    }
}

extension NotificationRule.Kind {
    /// The service in an ARN of this kind.
    fileprivate var service: Substring {
        switch self {
        case .topic: "sns"
        case .queue: "sqs"
        case .function: "lambda"
        }
    }

    /// What AWS says of a destination that it cannot reach.
    fileprivate func absence(of arn: String) -> String {
        switch self {
        case .topic: "The destination topic does not exist"
        case .queue: "The destination queue does not exist"
        case .function: "Not authorized to invoke function [\(arn)]"
        }
    }
}
