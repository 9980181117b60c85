import NIOHTTP1

/// Finds out why a signature of version 4 does not match, by signing the request as others may have seen it.
///
/// It tries less than a hundred variants, each with one difference, and names the first that verifies. A hint tells
/// only what the client itself must have signed: nothing of the secret, and never the expected signature.
struct SignatureDiagnosis {
    private let attempt: V4Attempt
    private let canonical: CanonicalRequest
    private let credential: Credential

    /// Larger requests are not looked into: whoever lacks the secret must not make the server work for long.
    private static let maximumSize = 2048

    init(
        _ attempt: V4Attempt,
        _ canonical: CanonicalRequest,
        _ credential: Credential
    ) {
        self.attempt = attempt
        self.canonical = canonical
        self.credential = credential
    }

    /// One sentence for the person who holds the client.
    var hint: String {
        difference ?? "the secret key differs, or the value of a signed header does"
    }

    private var difference: String? {
        guard canonical.bytes(.documented).count <= Self.maximumSize else { return nil }
        return host ?? method ?? path ?? query ?? payload ?? header ?? secret
    }

    private func matches(_ change: (inout CanonicalRequest) -> Void) -> Bool {
        var changed = canonical
        change(&changed)
        return attempt.matches(changed)
    }

    // MARK: The differences

    private var host: String? {
        let received = canonical.headers.first(name: "host") ?? ""
        let parsed = Host(received)
        let bucket = parsed.name.utf8.split(separator: UInt8(ascii: ".")).first.map { "\($0)." }
        var names = [parsed.name, "localhost", "127.0.0.1", "[::1]", "s3.localhost"]
        names += bucket.map { ["\($0)localhost", "\($0)s3.localhost"] } ?? []
        var candidates = names.flatMap { name in
            [parsed.port, nil, "80", "443", "9000"].map { Host(name: name, port: $0).text }
        }
        candidates += ["x-forwarded-host", "x-original-host"].compactMap {
            canonical.headers.first(name: $0)
        }
        return candidates.first { candidate in
            candidate != received
                && matches { $0.headers.replaceOrAdd(name: "host", value: candidate) }
        }.map { "signed host \($0), received \(received): see --alias" }
    }

    private var method: String? {
        ["GET", "HEAD", "PUT", "POST", "DELETE"].first { method in
            method != canonical.method && matches { $0.method = method }
        }.map { "signed method \($0), received \(canonical.method)" }
    }

    private var path: String? {
        let request = SignableRequest(
            method: canonical.method,
            target: canonical.target,
            headers: canonical.headers
        )
        let path = String(request.path)
        let rest = canonical.target.dropFirst(path.count)
        return Self.paths(path).first { variant in
            matches { $0.target = variant.path + rest }
        }.map { "signed the path \($0.how): \($0.path)" }
    }

    /// What clients that were made for other services, and proxies, do to a path.
    private static func paths(_ path: String) -> [(how: String, path: String)] {
        var recoded: [UInt8] = []
        Recoding.append(
            Array(path.utf8)[...],
            keepingSlashes: true,
            plusIsSpace: false,
            to: &recoded
        )
        let once = String(decoding: recoded, as: UTF8.self)
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        var kept: [Substring] = []
        for segment in segments where segment != "." && !segment.isEmpty {
            if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
        }
        let slash = path.hasSuffix("/") && !kept.isEmpty ? "/" : ""
        return [
            ("encoded twice", once.replacing("%", with: "%25")),
            ("normalised", "/" + kept.joined(separator: "/") + slash),
            ("with + for a space", once.replacing("%20", with: "+")),
            ("with a space for +", once.replacing("%2B", with: "%20")),
            ("without its last slash", String(path.dropLast(path.hasSuffix("/") ? 1 : 0))),
            ("with a slash at its end", path + "/"),
        ]
    }

    private var query: String? {
        guard let mark = canonical.target.firstIndex(of: "?") else { return nil }
        let path = String(canonical.target[..<mark])
        let query = String(canonical.target[mark...])
        let variants: [(how: String, target: String)] = [
            ("with + as a plus", path + query.replacing("+", with: "%2B")),
            ("with + for a space", path + query.replacing("%20", with: "+")),
            ("left out", path),
        ]
        return variants.first { variant in matches { $0.target = variant.target } }
            .map { "signed the query \($0.how)" }
    }

    private var payload: String? {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        return ["UNSIGNED-PAYLOAD", empty].first { hash in
            hash != canonical.payloadHash
                && matches {
                    $0.payloadHash = hash
                    guard $0.headers.contains(name: "x-amz-content-sha256") else { return }
                    $0.headers.replaceOrAdd(name: "x-amz-content-sha256", value: hash)
                }
        }.map { "signed the payload hash \($0), received \(canonical.payloadHash)" }
    }

    private var header: String? {
        for name in canonical.signedHeaders.split(separator: ";") where name != "host" {
            let received = canonical.headers[String(name)].joined(separator: ",")
            let signed = Self.values(of: name).first { value in
                value != received
                    && matches { $0.headers.replaceOrAdd(name: String(name), value: value) }
            }
            if let signed { return "\(name) was signed as '\(signed)', received '\(received)'" }
        }
        return nil
    }

    /// What a header is likely to have been before something on the way changed it.
    private static func values(of name: Substring) -> [String] {
        switch name {
        case "content-type":
            [
                "", "application/octet-stream", "binary/octet-stream", "application/xml",
                "application/x-www-form-urlencoded", "image/jpeg", "image/png", "video/mp4",
                "text/plain",
            ]
        case "accept-encoding": ["", "identity", "gzip"]
        default: [""]
        }
    }

    private var secret: String? {
        let secret = credential.secret.revealed()
        let variants = [secret + "\n", secret + " ", " " + secret, secret + "\r\n", secret + "\r"]
        let isPadded = variants.contains { variant in
            var attempt = attempt
            attempt.key = SigningKey(secret: Secret(variant), scope: attempt.key.scope)
            return attempt.matches(canonical)
        }
        return isPadded ? "the client's secret key has white space around it" : nil
    }
}
