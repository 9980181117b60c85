import Digests
public import S3Protocol

extension Verifier {
    /// How long a key of version 4 is good for, in seconds.
    ///
    /// A form names no time of its own: its policy says when it ends. The key behind it lasts seven days
    /// ([its derivation](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html)).
    static let maximumFormAge: Int64 = 604_800

    /// Verifies the signature of a form: that of its policy, as the policy came.
    ///
    /// What the policy says is not looked at.
    ///
    /// - Parameters:
    ///   - claims: What the form claims.
    ///   - credential: Finds the credential of an access key; `nil` where there is none.
    /// - Returns: Who signed it, or `nil` where nobody did.
    /// - Throws: The error that AWS answers.
    public func verify(
        _ claims: PostClaims,
        _ credential: (String) throws(S3Error) -> Credential?
    ) throws(S3Error) -> VerifiedSignature? {
        switch claims {
        case .anonymous: return nil
        case .v4(let claims):
            return try verify(claims, by: try known(claims.accessKey, credential))
        case .v2(let claims):
            guard !v4Only else { throw .v4Only }
            return try verify(claims, by: try known(claims.accessKey, credential))
        }
    }

    private func verify(
        _ claims: PostV4Claims,
        by credential: Credential
    ) throws(S3Error) -> VerifiedSignature {
        try checkRegion(claims)
        try checkTime(claims)
        try checkToken(claims.sessionToken, of: credential)
        let key = keys.key(for: credential, scope: claims.scope)
        let given = Array(claims.signature.utf8)
        func isSigned(_ text: [UInt8]) -> Bool { equalInConstantTime(key.sign(text), given) }
        guard isSigned(Array(claims.policy.utf8)) else {
            throw mismatch(claims.policy, claims.signature, credential, isSigned)
        }
        return VerifiedSignature(accessKey: claims.accessKey, payload: .unsigned)
    }

    private func verify(
        _ claims: PostV2Claims,
        by credential: Credential
    ) throws(S3Error) -> VerifiedSignature {
        try checkToken(claims.sessionToken, of: credential)
        let given = Array(claims.signature.utf8)
        func isSigned(_ text: [UInt8]) -> Bool {
            equalInConstantTime(Array(credential.secret.signV2(text).utf8), given)
        }
        guard isSigned(Array(claims.policy.utf8)) else {
            throw mismatch(claims.policy, claims.signature, credential, isSigned)
        }
        return VerifiedSignature(
            accessKey: claims.accessKey,
            payload: .unsigned,
            isVersion2: true
        )
    }

    private func checkRegion(_ claims: PostV4Claims) throws(S3Error) {
        guard isStrict, claims.scope.region != region else { return }
        var error = S3Error.invalidCredential(
            claims.credential,
            "the region '\(claims.scope.region)' is wrong; expecting '\(region)'"
        )
        error.details.append(.init("Region", region))
        throw error
    }

    private func checkTime(_ claims: PostV4Claims) throws(S3Error) {
        let now = time.now()
        let details: [S3Error.Detail] = [
            .init("X-Amz-Date", claims.time.inSeconds), .init("ServerTime", now.inSeconds),
        ]
        guard claims.time <= now.advanced(bySeconds: Self.maximumSkew) else {
            throw S3Error(.accessDenied, "Request is not yet valid", details: details)
        }
        guard now <= claims.time.advanced(bySeconds: Self.maximumFormAge) else {
            throw S3Error(.accessDenied, "Request has expired", details: details)
        }
    }

    /// The string to sign of a form is its policy.
    private func mismatch(
        _ policy: String,
        _ signature: String,
        _ credential: Credential,
        _ isSigned: ([UInt8]) -> Bool
    ) -> S3Error {
        let isBroken = policy.utf8.contains { $0 == 0x0D || $0 == 0x0A }
        let joined = policy.utf8.filter { $0 != 0x0D && $0 != 0x0A }
        let hint =
            if isBroken, isSigned(joined) {
                "signed the policy without its line ends, received it with them"
            } else if let decoded = Base64.decode(policy), isSigned(decoded) {
                "signed the policy's JSON, not its base64"
            } else {
                "the secret key differs, or the policy is not the one that was signed"
            }
        return .signatureDoesNotMatch(
            accessKey: credential.accessKey,
            stringToSign: Array(policy.utf8),
            provided: signature,
            hint: hint
        )
    }
}
