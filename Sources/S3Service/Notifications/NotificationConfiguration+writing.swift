import NIOCore
import S3Protocol

extension NotificationConfiguration {
    /// The document that GetBucketNotificationConfiguration answers; it is stored in this form too.
    var document: ByteBuffer {
        XMLWriter.document("NotificationConfiguration") { xml in
            for rule in rules { xml.rule(rule) }
            if tellsBridge { xml.element("EventBridgeConfiguration") { _ in } }
        }
    }

    /// The document as it is stored.
    var stored: [UInt8] { Array(document.readableBytesView) }
}

extension XMLWriter {
    fileprivate mutating func rule(_ rule: NotificationRule) {
        switch rule.kind {
        case .topic:
            element("TopicConfiguration") { xml in
                xml.content(of: rule) { $0.element("Topic", rule.arn) }
            }
        case .queue:
            element("QueueConfiguration") { xml in
                xml.content(of: rule) { $0.element("Queue", rule.arn) }
            }
        case .function:
            element("CloudFunctionConfiguration") { xml in
                xml.content(of: rule) { $0.element("CloudFunction", rule.arn) }
            }
        }
    }

    private mutating func content(
        of rule: NotificationRule,
        destination: (inout XMLWriter) -> Void
    ) {
        element("Id", rule.id)
        destination(&self)
        for event in rule.events { element("Event", event.text) }
        guard !rule.filter.isEmpty else { return }
        element("Filter") { xml in
            xml.element("S3Key") { xml in
                for half in rule.filter {
                    xml.element("FilterRule") { xml in
                        xml.element("Name", half.name.rawValue)
                        xml.element("Value", half.value)
                    }
                }
            }
        }
    }
}
