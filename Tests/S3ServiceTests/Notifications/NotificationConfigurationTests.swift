import NIOCore
import ObjectStore
import S3Protocol
import Testing

@testable import S3Service

struct NotificationConfigurationTests {
    private func read(_ rules: String...) throws(S3Error) -> NotificationConfiguration {
        try NotificationConfiguration(
            document: "<NotificationConfiguration>\(rules.joined())</NotificationConfiguration>"
                .utf8
        ) { "made" }
    }

    private func rule(_ text: String) throws -> NotificationRule {
        try #require(try read(text).rules.first)
    }

    @Test(arguments: [
        ("s3:ObjectCreated:*", EventType.createdByCopy, true),
        ("s3:ObjectCreated:Put", .createdByCopy, false),
        ("s3:ObjectCreated:Put", .createdByPut, true), ("s3:ObjectRemoved:*", .hidden, true),
        ("s3:ObjectRemoved:*", .expired, false), ("s3:LifecycleExpiration:*", .expired, true),
        ("s3:LifecycleTransition", .transitioned, true), ("s3:ObjectTagging:*", .untagged, true),
        ("s3:ObjectAcl:Put", .listed, true), ("s3:ObjectRestore:*", .restored, true),
    ])
    func `an event is asked for by its name or by its family`(
        pattern: String,
        type: EventType,
        isAsked: Bool
    ) throws {
        #expect(try #require(EventPattern(pattern)).matches(type) == isAsked)
    }

    @Test(arguments: [
        "ObjectCreated:Put", "s3:ObjectCreated", "s3:ObjectCreated:Foo", "s3:*", "s3:TestEvent", "",
        "s3:objectcreated:put",
    ])
    func `an event that S3 does not know is refused`(name: String) {
        let error = #expect(throws: S3Error.self) { try read(queueRule(name)) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == "The event '\(name)' is not supported for notifications")
    }

    @Test(arguments: [
        ("images/", "", "images/a.jpg", true), ("images/", ".jpg", "images/a.jpg", true),
        ("images/", ".jpg", "images/a.png", false), ("", ".jpg", "a.jpg", true),
        ("a", "a", "a", true), ("a+b", "", "a b/c", true), ("a%2Bb", "", "a+b/c", true),
        ("100%", "", "100%/c", true),
    ])
    func `a filter is a prefix and a suffix, encoded as a query is`(
        prefix: String,
        suffix: String,
        key: String,
        isAsked: Bool
    ) throws {
        let filter = [("prefix", prefix), ("Suffix", suffix)].map { (name: $0.0, value: $0.1) }
        let rule = try rule(queueRule("s3:ObjectCreated:*", filter: filter))
        #expect(rule.asks(for: .createdByPut, at: key) == isAsked)
        #expect(!rule.asks(for: .removed, at: key))
    }

    @Test(arguments: [
        ("a/", "", "b/", "", false), ("a/", "", "a/b", "", true), ("", ".jpg", "", ".png", false),
        ("a/", ".jpg", "a/b/", ".png", false), ("a/", ".jpg", "a/b/", "x.jpg", true),
        ("", "", "a", "b", true),
    ])
    func `two rules for one event whose keys could be the same are refused`(
        prefix: String,
        suffix: String,
        otherPrefix: String,
        otherSuffix: String,
        overlap: Bool
    ) {
        func filter(_ prefix: String, _ suffix: String) -> [(name: String, value: String)] {
            [("prefix", prefix), ("suffix", suffix)]
        }
        let one = queueRule("s3:ObjectCreated:Put", id: "1", filter: filter(prefix, suffix))
        let other = filter(otherPrefix, otherSuffix)
        for event in ["s3:ObjectCreated:*", "s3:ObjectCreated:Put"] {
            let error = (try? read(one, queueRule(event, id: "2", filter: other))) == nil
            #expect(error == overlap)
        }
        #expect((try? read(one, queueRule("s3:ObjectRemoved:*", id: "2", filter: other))) != nil)
    }

    @Test func `the refusal of what is ambiguous says so as S3 does`() {
        let error = #expect(throws: S3Error.self) {
            try read(
                queueRule("s3:ObjectCreated:*", id: "1"),
                queueRule("s3:ObjectCreated:Put", id: "2")
            )
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.hasPrefix("Configuration is ambiguously defined.") == true)
    }

    @Test(arguments: [
        queueRule("s3:ObjectCreated:*", filter: [("prefix", "a"), ("prefix", "b")]),
        queueRule("s3:ObjectCreated:*", filter: [("suffix", "a"), ("suffix", "b")]),
        queueRule("s3:ObjectCreated:*", filter: [("infix", "a")]),
        queueRule("s3:ObjectCreated:*", filter: [("prefix", String(repeating: "a", count: 1025))]),
        queueRule("s3:ObjectCreated:*", id: String(repeating: "i", count: 256)),
        queueRule("s3:ObjectCreated:Put") + queueRule("s3:ObjectRemoved:*"),
        (0...100).map { number in
            queueRule(
                "s3:ObjectCreated:*",
                id: "\(number)",
                filter: [("prefix", "\(1000 + number)")]
            )
        }
        .joined(),
    ])
    func `what a rule may not say is refused`(rules: String) {
        let error = #expect(throws: S3Error.self) { try read(rules) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `a hundred rules are taken`() throws {
        let rules = (0..<100).map { number in
            queueRule(
                "s3:ObjectCreated:*",
                id: "\(number)",
                filter: [("prefix", "\(1000 + number)")]
            )
        }
        #expect(try read(rules.joined()).rules.count == 100)
    }

    @Test(arguments: [
        "<QueueConfiguration><Queue>a</Queue></QueueConfiguration>",
        "<QueueConfiguration><Event>s3:ObjectCreated:*</Event></QueueConfiguration>",
    ])
    func `a rule without an event or a destination is malformed`(rule: String) {
        let error = #expect(throws: S3Error.self) { try read(rule) }
        #expect(error?.code == .malformedXML)
    }

    @Test func `all that a document says is kept, and a rule without a name gets one`() throws {
        let topic = """
            <TopicConfiguration><Id>t</Id><Topic>arn:aws:sns:us-east-1:000000000000:hook</Topic>\
            <Event>s3:ObjectTagging:*</Event></TopicConfiguration>
            """
        let queue = queueRule(
            "s3:ObjectCreated:*",
            "s3:ObjectRemoved:Delete",
            filter: [("prefix", "a&amp;b"), ("suffix", ".jpg")]
        )
        let function = """
            <CloudFunctionConfiguration><Id>made</Id>\
            <CloudFunction>arn:aws:lambda:us-east-1:000000000000:function:f</CloudFunction>\
            <Event>s3:ObjectAcl:Put</Event></CloudFunctionConfiguration>
            """
        let bridge = "<EventBridgeConfiguration></EventBridgeConfiguration>"
        let given = topic + queue + function.replacing("<Id>made</Id>", with: "") + bridge
        let configuration = try read(given)
        let written = String(buffer: configuration.document)
        #expect(written.contains(">\(topic)\(queue)\(function)\(bridge)</"))
        #expect(try NotificationConfiguration(stored: configuration.stored) == configuration)
    }
}
