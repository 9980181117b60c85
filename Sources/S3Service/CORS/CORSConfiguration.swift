import NIOCore
import ObjectStore
import S3Protocol

/// A bucket's rules for browsers whose pages come from elsewhere, in order: the first that fits counts.
///
/// [Using cross-origin resource sharing](https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html)
struct CORSConfiguration: Sendable, Hashable {
    /// The name of the document in the store.
    static let setting = "cors"
    /// S3's own limits: rules in a document, and characters of a rule's name.
    static let ruleLimit = 100
    static let idLength = 255

    private static let methods = ["GET", "PUT", "HEAD", "POST", "DELETE"]

    let rules: [CORSRule]

    /// The rules of a bucket, or `nil` where it has none.
    init?(of bucket: Bucket, in store: Store) throws {
        guard let document = try store.setting(Self.setting, of: bucket) else { return nil }
        try self.init(document: document)
    }

    /// Reads a document.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML` or, for what a rule may not say, `InvalidRequest`.
    init(document: some Collection<UInt8>) throws(S3Error) {
        guard !document.isEmpty else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(document, root: "CORSConfiguration")
        rules = try root.all("CORSRule").map { rule throws(S3Error) in try Self.rule(rule) }
        guard !rules.isEmpty else { throw S3Error(.malformedXML) }
        guard rules.count <= Self.ruleLimit else {
            throw S3Error(
                .invalidRequest,
                "The number of CORS rules should not exceed allowed limit of \(Self.ruleLimit) rules."
            )
        }
    }

    /// The first rule for a page of an origin that uses a method and sends headers, and the origin
    /// pattern of it that fits.
    func rule(
        for origin: String,
        _ method: String,
        headers: [String] = []
    ) -> (rule: CORSRule, pattern: String)? {
        for rule in rules {
            guard let pattern = rule.origin(allowing: origin, method), rule.allows(headers: headers)
            else { continue }
            return (rule, pattern)
        }
        return nil
    }

    private static func rule(_ element: XMLElement) throws(S3Error) -> CORSRule {
        func texts(_ name: String) -> [String] { element.all(name).map(\.trimmed) }
        var rule = CORSRule(
            id: element["ID"]?.trimmed,
            allowedHeaders: texts("AllowedHeader"),
            allowedMethods: texts("AllowedMethod"),
            allowedOrigins: texts("AllowedOrigin"),
            exposeHeaders: texts("ExposeHeader")
        )
        if let age = element["MaxAgeSeconds"] {
            guard let seconds = Int(age.trimmed), seconds >= 0 else {
                throw S3Error(.malformedXML)
            }
            rule.maxAge = seconds
        }
        guard !rule.allowedMethods.isEmpty, !rule.allowedOrigins.isEmpty,
            rule.id?.count ?? 0 <= idLength
        else { throw S3Error(.malformedXML) }
        try check(rule)
        return rule
    }

    private static func check(_ rule: CORSRule) throws(S3Error) {
        for method in rule.allowedMethods where !methods.contains(method) {
            throw S3Error(
                .invalidRequest,
                "Found unsupported HTTP method in CORS config. Unsupported method is \(method)"
            )
        }
        for (name, values) in [
            ("AllowedOrigin", rule.allowedOrigins), ("AllowedHeader", rule.allowedHeaders),
        ] {
            for value in values where value.utf8.count(where: { $0 == UInt8(ascii: "*") }) > 1 {
                throw S3Error(
                    .invalidRequest,
                    "\(name) \"\(value)\" can not have more than one wildcard."
                )
            }
        }
        for name in rule.exposeHeaders {
            guard !name.contains("*") else {
                throw S3Error(
                    .invalidRequest,
                    "ExposeHeader \"\(name)\" contains wildcard. We currently do not support wildcard "
                        + "for ExposeHeader."
                )
            }
            // It becomes a part of a header: nothing that could begin another.
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw S3Error(.invalidRequest, "ExposeHeader \"\(name)\" is no name of a header.")
            }
        }
    }
}

extension XMLWriter {
    /// A `CORSConfiguration` document.
    static func cors(_ configuration: CORSConfiguration) -> ByteBuffer {
        document("CORSConfiguration") { xml in
            for rule in configuration.rules {
                xml.element("CORSRule") { xml in
                    xml.element("ID", ifPresent: rule.id)
                    for header in rule.allowedHeaders { xml.element("AllowedHeader", header) }
                    for method in rule.allowedMethods { xml.element("AllowedMethod", method) }
                    for origin in rule.allowedOrigins { xml.element("AllowedOrigin", origin) }
                    for header in rule.exposeHeaders { xml.element("ExposeHeader", header) }
                    xml.element("MaxAgeSeconds", ifPresent: rule.maxAge.map(String.init))
                }
            }
        }
    }
}
