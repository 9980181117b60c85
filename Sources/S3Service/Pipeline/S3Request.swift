import HTTPMessage
import NIOHTTP1
import S3Protocol

/// An HTTP request, read as S3 reads one: decoded once, here, and never again.
struct S3Request: Sendable {
    /// The request as it came.
    let http: HTTPRequest
    /// What the host and the path name.
    let address: Address
    /// The query's parameters.
    let query: Query

    var method: HTTPMethod { http.method }
    var headers: HTTPHeaders { http.headers }
    var bucket: String { address.bucket }
    var key: String { address.key }
    var level: Route.Level {
        if address.isOfAccount { return .account }
        return bucket.isEmpty ? .service : key.isEmpty ? .bucket : .object
    }

    /// Reads a request.
    ///
    /// - Throws: ``S3Error`` with `InvalidURI` where the target cannot be decoded, `KeyTooLongError`.
    init(_ http: HTTPRequest, addressing: Addressing) throws(S3Error) {
        self.http = http
        let target = http.target.utf8
        let mark = target.firstIndex(of: UInt8(ascii: "?"))
        let path = Substring(target[..<(mark ?? target.endIndex)])
        query = try Query(mark.map { Substring(target[target.index(after: $0)...]) } ?? "")
        if AccountAddress.isNamed(by: path, http.headers) {
            address = .account
        } else {
            let host = http.headers.first(name: "host") ?? ""
            address = try addressing.address(path: path, host: host)
        }
        try Self.check(key: address.key)
    }

    /// Reads a request of another service on the same port, which names no bucket whatever its host is.
    init(ofService http: HTTPRequest) throws(S3Error) {
        self.http = http
        query = try Query("")
        address = .service
    }

    /// The request that means an object by a key and headers that its body tells.
    ///
    /// - Throws: ``S3Error`` with `KeyTooLongError`.
    init(
        _ request: S3Request,
        key: String,
        headers: HTTPHeaders,
        query: Query? = nil
    ) throws(S3Error) {
        var http = request.http
        http.headers = headers
        self.http = http
        self.query = query ?? request.query
        var address = request.address
        address.key = key
        self.address = address
        try Self.check(key: key)
    }

    private static func check(key: String) throws(S3Error) {
        guard key.utf8.count <= Limits.keyBytes else {
            throw S3Error(
                .keyTooLong,
                details: [
                    .init("Size", String(key.utf8.count)),
                    .init("MaxSizeAllowed", String(Limits.keyBytes)),
                ]
            )
        }
    }

    /// The value of a header that may come once; an empty one counts as absent.
    func header(_ name: String) -> String? {
        guard let value = headers.first(name: name), !value.isEmpty else { return nil }
        return value
    }

    /// A number of a parameter, in a range; absent or empty is `nil`.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for anything else.
    func number(_ name: String, in range: ClosedRange<Int>) throws(S3Error) -> Int? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw S3Error(
                .invalidArgument,
                Int(text) == nil
                    ? "Provided \(name) not an integer or within integer range"
                    : "Argument \(name) must be an integer between \(range.lowerBound) and "
                        + "\(range.upperBound)",
                details: [.init("ArgumentName", name), .init("ArgumentValue", text)]
            )
        }
        return number
    }
}
