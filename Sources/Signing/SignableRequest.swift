public import NIOHTTP1

/// What a signature covers of a request: everything but the bytes of its body.
public struct SignableRequest: Sendable {
    /// The method, such as `GET`.
    public var method: String
    /// The path and the query as they travel, byte for byte.
    public var target: String
    /// The header fields, `Host` among them.
    public var headers: HTTPHeaders

    /// Names a request's parts.
    public init(method: String, target: String, headers: HTTPHeaders) {
        self.method = method
        self.target = target
        self.headers = headers
    }

    /// The target up to its `?`.
    var path: Substring { target[..<pathEnd] }

    /// The target beyond its `?`; `nil` where it has none.
    var query: Substring? {
        let end = pathEnd
        return end == target.endIndex ? nil : target[target.utf8.index(after: end)...]
    }

    private var pathEnd: String.Index {
        target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    }
}
