import NIOCore
import ObjectStore
import S3Protocol

/// How a bucket is served as a website.
///
/// [Hosting a static website](https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html)
struct WebsiteConfiguration: Sendable, Hashable {
    /// The name of the document in the store.
    static let setting = "website"
    /// How many rules a website may have, as S3 has it.
    static let ruleLimit = 50

    /// Where all requests are sent, if they are.
    let redirectsAll: RoutingRule.Redirect?
    /// What a folder's key is followed by.
    let index: String
    /// The key of what is shown for errors.
    let errorDocument: String?
    let rules: [RoutingRule]

    /// The configuration of a bucket, or `nil` where it is no website.
    init?(of bucket: Bucket, in store: Store) throws {
        guard let document = try store.setting(Self.setting, of: bucket) else { return nil }
        try self.init(XMLElement.parse(document, root: "WebsiteConfiguration"))
    }

    /// Reads a document, and answers it as it is kept.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidArgument` or `InvalidRequest`.
    static func checked(_ body: ByteBuffer) throws(S3Error) -> [UInt8] {
        guard body.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(body.readableBytesView, root: "WebsiteConfiguration")
        try shape.check(root)
        _ = try WebsiteConfiguration(root)
        return shape.document("WebsiteConfiguration", root)
    }

    private init(_ root: XMLElement) throws(S3Error) {
        let rules = root["RoutingRules"]?.all("RoutingRule") ?? []
        if let all = root["RedirectAllRequestsTo"] {
            guard root.children.count == 1 else {
                throw S3Error(
                    .invalidRequest,
                    "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules."
                )
            }
            redirectsAll = RoutingRule.Redirect(
                scheme: try RoutingRule.Redirect.scheme(all),
                host: try RoutingRule.Redirect.text(all, "HostName")
            )
        } else {
            redirectsAll = nil
        }
        index = root["IndexDocument"]?["Suffix"]?.text ?? ""
        errorDocument = root["ErrorDocument"]?["Key"]?.text
        self.rules =
            redirectsAll == nil
            ? try rules.map { rule throws(S3Error) in try RoutingRule(rule) } : []
        if redirectsAll == nil { try check(hasIndex: root["IndexDocument"] != nil) }
    }

    private func check(hasIndex: Bool) throws(S3Error) {
        guard hasIndex else {
            throw .invalidWebsite(
                "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
                "IndexDocument",
                "null"
            )
        }
        guard !index.isEmpty, !index.contains("/") else {
            throw .invalidWebsite(
                "The IndexDocument Suffix is not well formed",
                "IndexDocument",
                index
            )
        }
        guard errorDocument != "" else {
            throw .invalidWebsite("The ErrorDocument Key is not well formed", "ErrorDocument", "")
        }
        guard rules.count <= Self.ruleLimit else {
            throw S3Error(
                .invalidRequest,
                "\(rules.count) rules provided, the number of routing rules in a website configuration is "
                    + "limited to \(Self.ruleLimit)."
            )
        }
    }

    private static let shape = DocumentShape.elements([
        .optional(
            "RedirectAllRequestsTo",
            .elements([.one("HostName", .text(1...2048)), .optional("Protocol", .text(0...16))])
        ),
        .optional("IndexDocument", .elements([.one("Suffix", .key)])),
        .optional("ErrorDocument", .elements([.one("Key", .key)])),
        .optional(
            "RoutingRules",
            .elements([
                .many(
                    "RoutingRule",
                    0...Int(Int32.max),
                    .elements([
                        .optional(
                            "Condition",
                            .elements([
                                .optional("HttpErrorCodeReturnedEquals", .text(0...16)),
                                .optional("KeyPrefixEquals", .key),
                            ])
                        ),
                        .one(
                            "Redirect",
                            .elements([
                                .optional("HostName", .text(1...2048)),
                                .optional("HttpRedirectCode", .text(0...16)),
                                .optional("Protocol", .text(0...16)),
                                .optional("ReplaceKeyPrefixWith", .key),
                                .optional("ReplaceKeyWith", .key),
                            ])
                        ),
                    ])
                )
            ])
        ),
    ])
}

extension S3Error {
    /// The error for a value that a website's document may not have.
    static func invalidWebsite(_ message: String, _ name: String, _ value: String) -> S3Error {
        S3Error(
            .invalidArgument,
            message,
            details: [.init("ArgumentName", name), .init("ArgumentValue", value)]
        )
    }
}
