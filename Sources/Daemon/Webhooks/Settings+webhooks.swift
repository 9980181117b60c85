import Instruments
import ObjectStore
import S3Protocol
import S3Service

extension DaemonConfiguration {
    /// Bytes of a file that may be a secret.
    private static let secretFileBytes = 4096

    /// The webhooks that were allowed, each as `NAME=URL`.
    static func webhooks(_ settings: Settings) throws(Refusal) -> [Webhook] {
        var webhooks: [Webhook] = []
        for text in settings.list(.webhook) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, isName(parts[0]), WebhookAddress(parts[1]) != nil else {
                throw Refusal(
                    "--webhook must be NAME=URL, with a name of letters, digits, - and _, and an http or "
                        + "https URL, not \"\(text)\"."
                )
            }
            guard !webhooks.contains(where: { $0.name == parts[0] }) else {
                throw Refusal("--webhook names \(parts[0]) twice.")
            }
            webhooks.append(Webhook(name: parts[0], url: parts[1]))
        }
        return webhooks
    }

    /// The secret that events are signed with, from the environment or from a file.
    static func webhookSecret(_ settings: Settings) throws(Refusal) -> WebhookSecret? {
        var text = settings.text(.webhookSecret)
        if let path = settings.text(.webhookSecretFile) {
            guard text == nil else {
                throw Refusal("PAIL_WEBHOOK_SECRET and --webhook-secret-file exclude each other.")
            }
            do { text = try FileText.read(path, limit: secretFileBytes) } catch {
                throw Refusal("The webhook secret \(path) cannot be read: \(error).")
            }
            while text?.last?.isNewline == true { text?.removeLast() }
        }
        guard let text else { return nil }
        guard text.count >= WebhookSecret.minimumLength else {
            throw Refusal(
                "The secret of webhooks must have \(WebhookSecret.minimumLength) characters at least."
            )
        }
        return WebhookSecret(text)
    }

    private static func isName(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
