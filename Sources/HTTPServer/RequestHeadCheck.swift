import NIOHTTP1

/// A request head that says one thing only.
///
/// The parser refuses what is not HTTP; this refuses what two readers could understand differently,
/// which is how one request is smuggled inside another.
struct CheckedHead {
    /// How the end of a request's body is found.
    enum Framing: Hashable {
        case none
        case length(Int)
        case chunked
    }

    let method: HTTPMethod
    let target: String
    let headers: HTTPHeaders
    let version: HTTPVersion
    let framing: Framing
    /// Whether the client waits to be invited before it sends the body.
    let expectsContinue: Bool
    /// Whether another request may follow on the connection.
    let keepAlive: Bool

    /// Checks a head.
    init(_ head: HTTPRequestHead) throws(HTTPRefusal) {
        let isCurrent = head.version == .http1_1
        guard isCurrent || head.version == .http1_0 else { throw .unsupportedVersion }
        let fields = FramingFields(head.headers)
        guard fields.hosts == 1 || (fields.hosts == 0 && !isCurrent) else { throw .badHost }
        let origin = try OriginForm(head)
        var headers = head.headers
        if let authority = origin.authority { headers.replaceOrAdd(name: "Host", value: authority) }
        method = head.method
        version = head.version
        target = origin.target
        self.headers = headers
        framing = try fields.framing(isCurrent: isCurrent)
        expectsContinue = isCurrent && fields.expectsContinue && framing != .none
        // After a request to upgrade, the parser stops at the message's end: nothing can follow.
        keepAlive = head.isKeepAlive && !fields.asksToUpgrade
    }
}

/// The fields that decide where a message ends.
private struct FramingFields {
    var hosts = 0
    var lengths: [String] = []
    var encodings: [String] = []
    var expectsContinue = false
    var asksToUpgrade = false

    /// Collects them in one pass; most fields are passed over by the length of their names.
    init(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            switch name.utf8.count {
            case 4 where name.isSame(as: "host"): hosts += 1
            case 6 where name.isSame(as: "expect"):
                // Other expectations are ignored, as most servers do.
                expectsContinue = value.isSame(as: "100-continue")
            case 7 where name.isSame(as: "upgrade"): asksToUpgrade = true
            case 14 where name.isSame(as: "content-length"): lengths.append(value)
            case 17 where name.isSame(as: "transfer-encoding"): encodings.append(value)
            default: break
            }
        }
    }

    func framing(isCurrent: Bool) throws(HTTPRefusal) -> CheckedHead.Framing {
        if encodings.isEmpty {
            guard let length = lengths.first else { return .none }
            guard lengths.count == 1, let count = decimal(length) else { throw .ambiguousFraming }
            return count == 0 ? .none : .length(count)
        }
        // HTTP/1.0 knows no encodings: who forwarded it may have read the message otherwise.
        guard isCurrent, lengths.isEmpty, encodings.count == 1, encodings[0].isSame(as: "chunked")
        else { throw .ambiguousFraming }
        return .chunked
    }

    /// Digits alone: `Int.init` would take a sign.
    private func decimal(_ text: String) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}

/// A request target as a path and a query, whatever form it came in.
private struct OriginForm {
    let target: String
    /// The authority of an absolute form, which outranks the `Host` field.
    let authority: String?

    init(_ head: HTTPRequestHead) throws(HTTPRefusal) {
        // The parser mends what is not UTF-8; a mended target is no longer what was sent.
        guard !head.uri.unicodeScalars.contains("\u{FFFD}") else { throw .malformed }
        if head.uri.utf8.first == UInt8(ascii: "/"), head.method != .CONNECT {
            target = head.uri
            authority = nil
            return
        }
        guard head.method != .CONNECT, let rest = head.uri.afterScheme else {
            throw .unsupportedTarget
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@") else { throw .malformed }
        let path = rest[authority.endIndex...]
        self.authority = String(authority)
        target = path.utf8.first == UInt8(ascii: "/") ? String(path) : "/" + path
    }
}

extension String {
    /// Whether this is `lowercase`, upper and lower case of ASCII letters taken as the same.
    fileprivate func isSame(as lowercase: String) -> Bool {
        utf8.count == lowercase.utf8.count
            && zip(utf8, lowercase.utf8).allSatisfy { left, right in
                left == right || (left | 0x20 == right && (0x61...0x7A).contains(right))
            }
    }

    /// What follows `http://` or `https://`.
    fileprivate var afterScheme: Substring? {
        for scheme in ["http://", "https://"] where String(prefix(scheme.count)).isSame(as: scheme)
        {
            return dropFirst(scheme.count)
        }
        return nil
    }
}
