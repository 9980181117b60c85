import NIOHTTP1
public import S3Protocol

/// What a request that is signed by version 4 says of itself.
public struct V4Claims: Sendable, Hashable {
    /// Where the signature stands.
    public enum Place: Sendable, Hashable {
        /// In the `Authorization` header.
        case header
        /// In the query of a presigned URL, good for some seconds after its date.
        case query(expires: Int64)
    }

    static let algorithm = "AWS4-HMAC-SHA256"

    /// The access key.
    public let accessKey: String
    /// What the signature is good for.
    public let scope: CredentialScope
    /// The names of the signed headers as they are listed, joined by `;`.
    public let signedHeaders: String
    /// The signature: 64 hexadecimal digits, if it is one.
    public let signature: String
    /// When the request was signed.
    public let time: Timestamp
    /// Where the signature stands.
    public let place: Place
    /// How the body is signed.
    public let payload: PayloadSigning
    /// The token of a temporary key.
    public let sessionToken: String?
    /// The line of the canonical request that stands for the body; `nil` where the body must come first.
    let payloadHash: String?

    /// The time as it is signed: `20130524T000000Z`.
    let date: String

    /// Reads what follows the algorithm in an `Authorization` header.
    init(
        authorization: Substring,
        of request: SignableRequest,
        _ service: String
    ) throws(S3Error) {
        let components = try Self.components(of: authorization, service)
        accessKey = components.credential.accessKey
        scope = components.credential.scope
        signedHeaders = components.signedHeaders
        signature = components.signature
        (time, date) = try Self.time(of: request)
        place = .header
        payloadHash = request.headers.first(name: "x-amz-content-sha256")
        payload = try PayloadSigning(headerValue: payloadHash)
        sessionToken = request.headers.first(name: "x-amz-security-token")
        guard date.hasPrefix(scope.day) else {
            throw .malformedAuthorization(
                """
                Invalid credential date "\(scope.day)". This date is not the same as X-Amz-Date: \
                "\(date.prefix(8))".
                """
            )
        }
    }

    private static func components(
        of authorization: Substring,
        _ service: String
    ) throws(S3Error) -> (
        credential: (accessKey: String, scope: CredentialScope), signedHeaders: String,
        signature: String
    ) {
        var credential: ArraySlice<UInt8>?
        var headers: ArraySlice<UInt8>?
        var signature: ArraySlice<UInt8>?
        // A string's own bytes are copied at once, those of a part of one are not.
        var rest = Array(String(authorization).utf8)[...]
        while !rest.isEmpty {
            let comma = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
            let part = rest[..<comma]
            rest = rest[comma...].dropFirst()
            guard !part.isEmpty else { continue }
            let component = part.trimmed
            guard let equals = component.firstIndex(of: UInt8(ascii: "=")) else {
                let text = String(decoding: component, as: UTF8.self)
                throw .malformedAuthorization(
                    "the authorization component \"\(text)\" is malformed."
                )
            }
            let value = component[equals...].dropFirst()
            switch String(decoding: component[..<equals], as: UTF8.self) {
            case "Credential": credential = value
            case "SignedHeaders": headers = value
            case "Signature": signature = value
            default: break
            }
        }
        guard let credential, let headers, let signature else {
            throw .malformedAuthorization(
                """
                the authorization header requires three components: Credential, SignedHeaders, and \
                Signature.
                """
            )
        }
        switch CredentialScope.parse(credential, of: service) {
        case .success(let credential):
            return (
                credential, String(decoding: headers, as: UTF8.self),
                String(decoding: signature, as: UTF8.self)
            )
        case .failure(let reason): throw .malformedAuthorization(reason.message)
        }
    }

    /// The time of a request that carries its signature in a header: `x-amz-date`, or else `Date`.
    private static func time(
        of request: SignableRequest
    ) throws(S3Error) -> (time: Timestamp, date: String) {
        if let date = request.headers.first(name: "x-amz-date") {
            guard let time = ISO8601.parseBasic(date) else { throw .dateMissing }
            return (time, date)
        }
        guard let time = request.headers.first(name: "date").flatMap({ HTTPDate.parse($0) }) else {
            throw .dateMissing
        }
        return (time, ISO8601.formatBasic(time))
    }
}

extension V4Claims {
    /// Reads the parameters of a presigned URL.
    init(
        query: QueryParameters,
        of request: SignableRequest,
        _ service: String
    ) throws(S3Error) {
        guard let algorithm = query["X-Amz-Algorithm"], let credential = query["X-Amz-Credential"],
            let signature = query["X-Amz-Signature"], let date = query["X-Amz-Date"],
            let signedHeaders = query["X-Amz-SignedHeaders"], let expires = query["X-Amz-Expires"]
        else { throw S3Error(.authorizationQueryParametersError) }
        try Self.checkAlgorithm(algorithm)
        switch CredentialScope.parse(Array(credential.utf8)[...], of: service) {
        case .success(let credential): (accessKey, scope) = credential
        case .failure(let reason):
            throw .malformedQuery("Error parsing the X-Amz-Credential parameter; \(reason.message)")
        }
        guard let time = ISO8601.parseBasic(date) else {
            throw .malformedQuery(
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
            )
        }
        guard date.hasPrefix(scope.day) else {
            throw .malformedQuery(
                """
                Invalid credential date "\(scope.day)". This date is not the same as X-Amz-Date: \
                "\(date.prefix(8))".
                """
            )
        }
        self.time = time
        self.date = date
        self.signature = signature
        self.signedHeaders = signedHeaders
        place = .query(expires: try Self.seconds(expires))
        let hash =
            request.headers.first(name: "x-amz-content-sha256") ?? query["X-Amz-Content-Sha256"]
            ?? PayloadSigning.unsigned.headerValue
        payloadHash = hash
        payload = try PayloadSigning(headerValue: hash)
        sessionToken = query["X-Amz-Security-Token"]
    }

    private static func checkAlgorithm(_ name: String) throws(S3Error) {
        switch name {
        case algorithm: return
        case "AWS4-ECDSA-P256-SHA256":
            throw S3Error(.notImplemented, "Signature version 4A is not implemented.")
        default: throw .malformedQuery("X-Amz-Algorithm only supports \"\(algorithm)\"")
        }
    }

    /// The life of a presigned URL: at most a week, and none at all for 0.
    private static func seconds(_ text: String) throws(S3Error) -> Int64 {
        guard let seconds = Int64(text) else {
            throw .malformedQuery("X-Amz-Expires should be a number")
        }
        guard seconds >= 0 else { throw .malformedQuery("X-Amz-Expires must be non-negative") }
        guard seconds <= maximumExpiry else {
            throw .malformedQuery(
                """
                X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires \
                must be less than \(maximumExpiry) seconds
                """
            )
        }
        return seconds
    }

    /// A week, in seconds.
    static let maximumExpiry: Int64 = 604_800
}

extension ISO8601 {
    /// Reads `20130524T000000Z` and nothing else.
    static func parseBasic(_ text: String) -> Timestamp? {
        text.utf8.count == 16 && text.utf8.last == UInt8(ascii: "Z") ? parse(text) : nil
    }
}

extension S3Error {
    static func malformedAuthorization(_ reason: String, details: [Detail] = []) -> S3Error {
        S3Error(
            .authorizationHeaderMalformed,
            "The authorization header is malformed; \(reason)",
            details: details
        )
    }

    static func malformedQuery(_ reason: String, details: [Detail] = []) -> S3Error {
        S3Error(.authorizationQueryParametersError, reason, details: details)
    }
}
