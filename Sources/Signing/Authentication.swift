import NIOHTTP1
public import S3Protocol

/// How a request says who sends it.
///
/// What it says is not yet believed: ``Verifier`` does that.
///
/// [Authenticating requests](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html)
public enum Authentication: Sendable, Hashable {
    /// It does not say.
    case anonymous
    /// By signature version 4.
    case v4(V4Claims)
    /// By signature version 2.
    case v2(V2Claims)

    /// Reads what a request claims.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - service: The service that a signature of version 4 must be for.
    /// - Returns: The claims.
    /// - Throws: The error that AWS answers where the claims contradict each other or cannot be read.
    public static func parse(
        _ request: SignableRequest,
        service: String = "s3"
    ) throws(S3Error) -> Authentication {
        let headers = request.headers["authorization"].filter { !$0.isEmpty }
        let query = QueryParameters(request.query)
        let hasV4Query = query.contains("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature")
        let hasV2Query = query.contains("AWSAccessKeyId", "Signature")
        let count = headers.count + (hasV4Query ? 1 : 0) + (hasV2Query ? 1 : 0)
        guard count <= 1 else { throw .twoMechanisms(headers.first ?? "") }
        if let header = headers.first { return try parse(header, of: request, service) }
        if hasV4Query { return .v4(try V4Claims(query: query, of: request, service)) }
        if hasV2Query { return .v2(try V2Claims(query: query, of: request)) }
        return .anonymous
    }

    private static func parse(
        _ header: String,
        of request: SignableRequest,
        _ service: String
    ) throws(S3Error) -> Authentication {
        let value = Substring(header).trimmed
        let end = value.utf8.firstIndex(of: UInt8(ascii: " ")) ?? value.endIndex
        let rest = value[end...].trimmed
        switch value[..<end] {
        case V4Claims.algorithm: return .v4(try V4Claims(authorization: rest, of: request, service))
        case "AWS": return .v2(try V2Claims(authorization: rest, of: request))
        case "AWS4-ECDSA-P256-SHA256":
            throw S3Error(.notImplemented, "Signature version 4A is not implemented.")
        default: throw .invalidAuthorization("Unsupported Authorization Type", header)
        }
    }
}

extension S3Error {
    static func twoMechanisms(_ authorization: String) -> S3Error {
        invalidAuthorization(
            """
            Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query \
            string parameter or the Authorization header should be specified
            """,
            authorization
        )
    }

    static func invalidAuthorization(_ message: String, _ value: String) -> S3Error {
        S3Error(
            .invalidArgument,
            message,
            details: [.init("ArgumentName", "Authorization"), .init("ArgumentValue", value)]
        )
    }

    static var dateMissing: S3Error {
        S3Error(.accessDenied, "AWS authentication requires a valid Date or x-amz-date header")
    }
}

extension BidirectionalCollection<UInt8> where SubSequence == Self {
    /// Without spaces and tabs at either end.
    var trimmed: Self {
        var bytes = self
        while bytes.first.isBlank { bytes.removeFirst() }
        while bytes.last.isBlank { bytes.removeLast() }
        return bytes
    }
}

extension Substring {
    /// Without spaces and tabs at either end.
    var trimmed: Substring { Substring(utf8.trimmed) }
}

extension UInt8? {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
