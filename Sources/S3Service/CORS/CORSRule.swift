import NIOHTTP1

/// One rule of a bucket's CORS configuration: which pages may do what with the bucket from a browser.
///
/// [Elements of a CORS configuration](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html)
struct CORSRule: Sendable, Hashable {
    var id: String?
    var allowedHeaders: [String] = []
    var allowedMethods: [String]
    /// Each may hold one `*`, for any text.
    var allowedOrigins: [String]
    var exposeHeaders: [String] = []
    /// How long a browser may remember a preflight's answer, in seconds.
    var maxAge: Int?

    /// The origin pattern by which the rule lets a page of this origin use this method, if it does.
    func origin(allowing origin: String, _ method: String) -> String? {
        guard allowedMethods.contains(method) else { return nil }
        return allowedOrigins.first { Self.matches(origin[...], pattern: $0) }
    }

    /// Whether a page may send all of these headers; their case does not matter.
    func allows(headers: [String]) -> Bool {
        headers.allSatisfy { header in
            allowedHeaders.contains {
                Self.matches(header.lowercased()[...], pattern: $0.lowercased())
            }
        }
    }

    /// The headers that let a browser show a reply to its page.
    ///
    /// - Parameters:
    ///   - origin: the page's origin.
    ///   - pattern: the rule's own, which decides whether the reply is for everybody.
    ///   - requested: the headers that a preflight asked for.
    /// - Returns: the headers, with those that tell caches apart.
    func headers(
        origin: String,
        pattern: String,
        requested: [String] = []
    ) -> HTTPHeaders {
        let isForAll = pattern == "*"
        var headers: HTTPHeaders = [
            "Access-Control-Allow-Origin": isForAll ? "*" : origin,
            "Access-Control-Allow-Methods": allowedMethods.joined(separator: ", "),
        ]
        if !requested.isEmpty {
            headers.add(
                name: "Access-Control-Allow-Headers",
                value: requested.map { $0.lowercased() }.joined(separator: ", ")
            )
        }
        if !exposeHeaders.isEmpty {
            headers.add(
                name: "Access-Control-Expose-Headers",
                value: exposeHeaders.joined(separator: ", ")
            )
        }
        if let maxAge { headers.add(name: "Access-Control-Max-Age", value: String(maxAge)) }
        if !isForAll { headers.add(name: "Access-Control-Allow-Credentials", value: "true") }
        headers.add(
            name: "Vary",
            value: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
        )
        return headers
    }

    /// Whether a text is a pattern with at most one `*` filled in.
    private static func matches(_ text: Substring, pattern: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return text == pattern }
        let (head, tail) = (pattern[..<star], pattern[pattern.index(after: star)...])
        return text.utf8.count >= head.utf8.count + tail.utf8.count && text.hasPrefix(head)
            && text.hasSuffix(tail)
    }
}
