import NIOHTTP1
public import S3Protocol

/// What a request that is signed by version 2 says of itself.
public struct V2Claims: Sendable, Hashable {
    /// Where the signature stands.
    public enum Place: Sendable, Hashable {
        /// In the `Authorization` header.
        case header
        /// In the query of a presigned URL, good until a moment.
        case query(until: Timestamp)
    }

    /// The access key.
    public let accessKey: String
    /// The signature in base64, if it is one.
    public let signature: String
    /// Where the signature stands.
    public let place: Place
    /// The line of the string to sign that tells the time, as it came.
    let date: String
    /// When a request with its signature in a header was signed.
    let time: Timestamp?
    /// How the body came.
    public let payload: PayloadSigning
    /// The token of a temporary key.
    public let sessionToken: String?

    /// Reads what follows `AWS` in an `Authorization` header.
    init(authorization: Substring, of request: SignableRequest) throws(S3Error) {
        guard let colon = authorization.utf8.lastIndex(of: UInt8(ascii: ":")),
            colon > authorization.startIndex
        else {
            throw .invalidAuthorization(
                "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
                "AWS \(authorization)"
            )
        }
        accessKey = String(authorization[..<colon])
        signature = String(authorization[colon...].dropFirst())
        place = .header
        let header = request.headers.first(name: "date")
        let replacement = request.headers.first(name: "x-amz-date")
        guard let text = replacement ?? header, let time = HTTPDate.parse(text),
            time.milliseconds >= 0
        else { throw .dateMissing }
        self.time = time
        date = replacement == nil ? header ?? "" : ""
        payload = try .unverified(request)
        sessionToken = request.headers.first(name: "x-amz-security-token")
    }

    /// Reads the parameters of a presigned URL.
    init(query: QueryParameters, of request: SignableRequest) throws(S3Error) {
        guard let accessKey = query["AWSAccessKeyId"], let signature = query["Signature"],
            let expires = query["Expires"]
        else {
            throw S3Error(
                .accessDenied,
                """
                Query-string authentication requires the Signature, Expires and AWSAccessKeyId \
                parameters
                """
            )
        }
        guard let seconds = Int64(expires) else {
            throw S3Error(
                .accessDenied,
                "Invalid date (should be seconds since epoch): \(expires)"
            )
        }
        self.accessKey = accessKey
        self.signature = signature
        place = .query(until: Timestamp(seconds: min(max(seconds, 0), Self.lastSecond)))
        date = expires
        time = nil
        payload = try .unverified(request)
        sessionToken =
            query["x-amz-security-token"] ?? request.headers.first(name: "x-amz-security-token")
    }

    /// The end of the year 9999: later moments have no name.
    private static let lastSecond: Int64 = 253_402_300_799
}

extension PayloadSigning {
    /// How the body of a request came whose signature, if any, cannot cover it.
    ///
    /// - Throws: `InvalidRequest` for signed chunks, which need a signature of version 4 to begin from.
    static func unverified(_ request: SignableRequest) throws(S3Error) -> PayloadSigning {
        let header = request.headers.first(name: "x-amz-content-sha256")
        switch try PayloadSigning(headerValue: header) {
        case .absent: return .unsigned
        case .streamingSigned, .streamingSignedTrailer:
            throw S3Error(
                .invalidRequest,
                "Signed chunks require a request that is signed by AWS4-HMAC-SHA256."
            )
        case let payload: return payload
        }
    }
}
