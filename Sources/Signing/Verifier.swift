import Digests
public import S3Protocol

/// Decides whether a request was signed by the holder of a secret.
///
/// Every way to sign a request passes here, before anything else looks at it; there is no other way to a
/// ``VerifiedSignature``.
public struct Verifier: Sendable {
    let region: String
    let service: String
    let isStrict: Bool
    let v4Only: Bool
    let hosts: HostAliases
    let time: any TimeSource
    let keys: SigningKeyCache

    /// How far a request's clock may be from this one, in seconds.
    static let maximumSkew: Int64 = 900

    /// How many headers a signature may cover: more than any client signs.
    static let maximumSignedHeaders = 100

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - region: The region that strict scopes must name.
    ///   - service: The service that signatures of version 4 must be for.
    ///   - isStrict: Whether to refuse what AWS refuses and practice forgives: another region's scope, a missing
    ///     `x-amz-content-sha256`.
    ///   - v4Only: Whether to refuse signature version 2, as AWS's newer regions do.
    ///   - hosts: Hosts that are one and the same for signatures.
    ///   - time: The clock.
    ///   - keys: Where derived keys are kept.
    public init(
        region: String,
        service: String = "s3",
        isStrict: Bool = false,
        v4Only: Bool = false,
        hosts: HostAliases = HostAliases(),
        time: any TimeSource = SystemTime(),
        keys: SigningKeyCache = SigningKeyCache()
    ) {
        self.region = region
        self.service = service
        self.isStrict = isStrict
        self.v4Only = v4Only
        self.hosts = hosts
        self.time = time
        self.keys = keys
    }

    /// Verifies what a request claims.
    ///
    /// - Parameters:
    ///   - request: The request, its target byte for byte as it came.
    ///   - virtualHostBucket: The bucket that the `Host` header names, if it names one: version 2 signs it.
    ///   - credential: Finds the credential of an access key; `nil` where there is none.
    /// - Returns: Who signed it, if anybody.
    /// - Throws: The error that AWS answers.
    public func verify(
        _ request: SignableRequest,
        virtualHostBucket: String? = nil,
        _ credential: (String) throws(S3Error) -> Credential?
    ) throws(S3Error) -> Verification {
        switch try Authentication.parse(request, service: service) {
        case .anonymous:
            return .anonymous(try .unverified(request))
        case .v4(let claims):
            let credential = try known(claims.accessKey, credential)
            return try verify(claims, of: request, by: credential)
        case .v2(let claims):
            guard !v4Only else { throw .v4Only }
            let credential = try known(claims.accessKey, credential)
            return .verified(
                try verify(claims, of: request, bucket: virtualHostBucket, by: credential)
            )
        }
    }

    /// The credential of an access key that must have one.
    func known(
        _ accessKey: String,
        _ credential: (String) throws(S3Error) -> Credential?
    ) throws(S3Error) -> Credential {
        guard let found = try credential(accessKey) else {
            throw .unknown(accessKey)
        }
        return found
    }

    // MARK: Checks that both versions share

    /// The clock of a request with its signature in a header.
    func checkSkew(_ moment: Timestamp, as text: String) throws(S3Error) {
        let now = time.now(nearest: moment)
        guard moment >= now.advanced(bySeconds: -Self.maximumSkew),
            moment <= now.advanced(bySeconds: Self.maximumSkew)
        else {
            throw S3Error(
                .requestTimeTooSkewed,
                details: [
                    .init("RequestTime", text), .init("ServerTime", now.inSeconds),
                    .init("MaxAllowedSkewMilliseconds", String(Self.maximumSkew * 1000)),
                ]
            )
        }
    }

    /// A temporary key comes with its own token and before its end, and any other key with none.
    func checkToken(_ token: String?, of credential: Credential) throws(S3Error) {
        // Without its token, S3 knows nothing of a temporary key.
        guard credential.expires == nil || token != nil else {
            throw .unknown(credential.accessKey)
        }
        let given = Array((token ?? "").utf8)
        let expected = Array((credential.sessionToken ?? "").utf8)
        guard equalInConstantTime(given, expected) else { throw S3Error(.invalidToken) }
        guard credential.expires.map({ time.now() < $0 }) ?? true else {
            throw S3Error(.expiredToken)
        }
    }
}

extension S3Error {
    static func unknown(_ accessKey: String) -> S3Error {
        S3Error(.invalidAccessKeyID, details: [.init("AWSAccessKeyId", accessKey)])
    }

    static var v4Only: S3Error {
        S3Error(
            .invalidRequest,
            """
            The authorization mechanism you have provided is not supported. Please use \
            AWS4-HMAC-SHA256.
            """
        )
    }
}

extension Timestamp {
    /// The moment without a fraction, as errors tell it: `2013-05-25T00:00:00Z`.
    var inSeconds: String { String(ISO8601.format(self).prefix(19)) + "Z" }
}
