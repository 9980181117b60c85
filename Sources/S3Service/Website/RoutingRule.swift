import HTTPMessage
import S3Protocol

/// A rule of a website by which a request is sent elsewhere: always, for some keys, or after some errors.
///
/// [Redirection rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html)
struct RoutingRule: Sendable, Hashable {
    /// What the key must begin with.
    let prefix: String?
    /// The status that the request must have failed with.
    let errorCode: Int?
    let redirect: Redirect

    /// Where a request is sent.
    struct Redirect: Sendable, Hashable {
        var scheme: String?
        var host: String?
        var status = 301
        var replacement = Replacement.none

        /// What becomes of the key.
        enum Replacement: Sendable, Hashable {
            case none
            /// Another stands where the condition's prefix was.
            case prefix(String)
            case key(String)
        }
    }

    /// Reads a rule, whose shape has been checked.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` or `InvalidRequest` for what a rule may not say.
    init(_ element: XMLElement) throws(S3Error) {
        let condition = element["Condition"]
        guard condition?.children.isEmpty != true else {
            throw S3Error(
                .invalidRequest,
                "Condition cannot be empty. To redirect all requests without a condition, the condition "
                    + "element shouldn't be present."
            )
        }
        prefix = condition?["KeyPrefixEquals"]?.text
        errorCode = try condition?["HttpErrorCodeReturnedEquals"]
            .map { element throws(S3Error) in try Self.errorCode(element.trimmed) }
        guard let target = element["Redirect"], !target.children.isEmpty else {
            throw S3Error(.malformedXML)
        }
        redirect = try Redirect(target)
    }

    /// Whether the rule is for a key, before it is looked for or after that has failed.
    func applies(to key: String, failedWith status: Int?) -> Bool {
        guard errorCode == status else { return false }
        return prefix.map { key.utf8.starts(with: $0.utf8) } ?? true
    }

    private static func errorCode(_ text: String) throws(S3Error) -> Int {
        guard let code = Int(text), (400...599).contains(code) else {
            throw .invalidWebsite(
                "The provided HTTP error code (\(text)) is not valid. Valid codes are 4XX or 5XX.",
                "HttpErrorCodeReturnedEquals",
                text
            )
        }
        return code
    }
}

extension RoutingRule.Redirect {
    /// Reads a redirect of a rule.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` or `InvalidRequest`.
    init(_ element: XMLElement) throws(S3Error) {
        scheme = try Self.scheme(element)
        host = try Self.text(element, "HostName")
        if let code = element["HttpRedirectCode"]?.trimmed {
            guard let number = Int(code), (301...399).contains(number) else {
                throw .invalidWebsite(
                    "The provided HTTP redirect code (\(code)) is not valid. Valid codes are 3XX except 300.",
                    "HttpRedirectCode",
                    code
                )
            }
            status = number
        }
        let prefix = try Self.text(element, "ReplaceKeyPrefixWith")
        let key = try Self.text(element, "ReplaceKeyWith")
        guard prefix == nil || key == nil else {
            throw S3Error(
                .invalidRequest,
                "You can only define ReplaceKeyPrefix or ReplaceKey but not both."
            )
        }
        replacement = key.map { .key($0) } ?? prefix.map { .prefix($0) } ?? .none
    }

    /// The URL to which a request is sent.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - prefix: What the rule wants the key to begin with.
    /// - Returns: The URL. What a rule gives is in it as it is written there, as `#!/` must be.
    func location(of request: S3Request, without prefix: String = "") -> String {
        let key = request.key
        let path =
            switch replacement {
            case .none: PercentCoding.encode(key, keeping: .slashes)
            case .key(let other): Self.escaped(other)
            case .prefix(let other):
                Self.escaped(other)
                    + PercentCoding.encode(
                        String(decoding: key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self),
                        keeping: .slashes
                    )
            }
        let host = host ?? request.header("host") ?? ""
        let query = request.http.target.firstIndex(of: "?").map { request.http.target[$0...] } ?? ""
        return "\(scheme ?? "http")://\(host)/\(path)\(query)"
    }

    /// The protocol that a redirect names, if it does.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` for any but two.
    static func scheme(_ element: XMLElement) throws(S3Error) -> String? {
        guard let text = element["Protocol"]?.trimmed else { return nil }
        guard text == "http" || text == "https" else {
            throw S3Error(
                .invalidRequest,
                "Invalid protocol, protocol can be http or https. If not defined the protocol will be "
                    + "selected automatically."
            )
        }
        return text
    }

    /// A text that becomes a part of a header.
    static func text(_ element: XMLElement, _ name: String) throws(S3Error) -> String? {
        guard let text = element[name]?.text else { return nil }
        guard ObjectFields.isHeaderValue(text) else { throw S3Error(.malformedXML) }
        return text
    }

    /// A text as it is, but for what no URL may have.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.value > 0x20 && scalar.value < 0x7F
                ? String(scalar) : PercentCoding.encode(String(scalar))
        }.joined()
    }
}
