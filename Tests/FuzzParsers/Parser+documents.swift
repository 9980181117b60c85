// A release has no way into the modules.
#if DEBUG
import NIOCore
import ObjectStore
@testable import Policy
@testable import S3Protocol
@testable import S3Service

/// The parsers of documents and of what stands in a header.
extension Parser {
    static let documents = [
        xml, cors, lifecycle, tagging, encryption, locks, block, json, policy, ranges, dates,
    ]

    private static let xml = Parser("xml") { bytes in
        _ = try XMLElement.parse(bytes, root: "Delete")
    }

    private static let cors = Parser("cors") { bytes in
        let configuration = try CORSConfiguration(document: bytes)
        let written = XMLWriter.cors(configuration).readableBytesView
        let again = try CORSConfiguration(document: written)
        precondition(again == configuration)
    }

    private static let lifecycle = Parser("lifecycle") { bytes in
        let minimum = LifecycleConfiguration.TransitionMinimum.allClasses
        let read = try LifecycleConfiguration(document: bytes, transitionMinimum: minimum) {
            "id"
        }
        let again = try LifecycleConfiguration(stored: read.stored)
        precondition(again == read)
        for rule in read.rules { _ = rule.filter.matches(key: "a", size: 1, tags: ["a": "b"]) }
    }

    private static let tagging = Parser("tagging") { bytes in
        let tags = try Tags(document: ByteBuffer(bytes: bytes), of: .object)
        let again = try Tags(document: XMLWriter.tagging(tags.list), of: .object)
        precondition(again.list == tags.list)
    }

    private static let encryption = Parser("encryption") { bytes in
        _ = try BucketEncryption(document: ByteBuffer(bytes: bytes))
    }

    private static let locks = Parser("locks") { bytes in
        _ = try LockConfiguration(document: ByteBuffer(bytes: bytes))
    }

    private static let block = Parser("public-access-block") { bytes in
        _ = try PublicAccessBlock(document: ByteBuffer(bytes: bytes))
    }

    private static let json = Parser("json") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let json = try JSON(parsing: text, limit: PolicyDocument.maximumSize)
        let again = try JSON(parsing: json.text, limit: .max)
        precondition(again == json)
    }

    /// A policy, asked about one request, and why it decided so.
    private static let policy = Parser("policy") { bytes in
        let document = try PolicyDocument(
            json: String(decoding: bytes, as: UTF8.self),
            ofBucket: "photos"
        )
        let account = Requester.AccountName(number: "111122223333", canonicalID: "a")
        let request = AccessRequest(
            .user(account, name: "alice"),
            "s3:GetObject",
            on: "arn:aws:s3:::photos/cat.jpg",
            values: SomeValues()
        )
        let policies = AccessPolicies(
            identity: .policies(PolicySet([document])),
            resource: document,
            isOwn: true
        )
        _ = try policies.decide(request)
        _ = try policies.explanation(of: request)
    }

    private static let ranges = Parser("ranges") { bytes in
        guard let range = ByteRange.parse(String(decoding: bytes, as: UTF8.self)) else {
            return
        }
        for size in [0, 1, 1000, Int64.max] {
            guard let part = try? range.resolve(size: size) else { continue }
            precondition(part.lowerBound >= 0 && part.upperBound <= size && !part.isEmpty)
        }
    }

    private static let dates = Parser("dates") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let moment = HTTPDate.parse(text) {
            // HTTP's dates have whole seconds.
            let written = HTTPDate.format(moment)
            precondition(HTTPDate.parse(written).map(HTTPDate.format) == written)
        }
        if let moment = ISO8601.parse(text) {
            precondition(ISO8601.parse(ISO8601.format(moment)) == moment)
        }
    }
}

/// A value for each key that there is.
private struct SomeValues: ConditionValues {
    func values(of key: String) -> [String]? { ["10.0.0.1", key] }
}
#endif
