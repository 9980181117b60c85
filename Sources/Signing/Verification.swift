public import S3Protocol

/// What came of verifying a request.
public enum Verification: Sendable {
    /// The request is signed by nobody; its body came so.
    case anonymous(PayloadSigning)
    /// The signature is the one that this request and its sender's secret make.
    case verified(VerifiedSignature)
    /// The key is known and the clock is right; the signature can be told only from the body's hash.
    case awaitingPayloadHash(PendingSignature)
}

/// Proof that a request was signed with an access key's secret: only ``Verifier`` makes one.
public struct VerifiedSignature: Sendable {
    /// The access key whose secret made the signature.
    public let accessKey: String
    /// How the body is signed: what must still be checked as it comes.
    public let payload: PayloadSigning
    /// What the body's chunks are verified with, where they are signed.
    public let chunkSigning: ChunkSigning?
    /// The host that the signature was made for, where it is an alias of the one that was asked.
    public let signedHost: String?
    /// Whether it is a signature of version 2, which S3 takes for fewer things.
    public let isVersion2: Bool

    init(
        accessKey: String,
        payload: PayloadSigning,
        chunkSigning: ChunkSigning? = nil,
        signedHost: String? = nil,
        isVersion2: Bool = false
    ) {
        self.accessKey = accessKey
        self.payload = payload
        self.chunkSigning = chunkSigning
        self.signedHost = signedHost
        self.isVersion2 = isVersion2
    }
}

/// A signature that waits for the hash of the body.
public struct PendingSignature: Sendable {
    /// Whose signature it claims to be: known, not yet proved.
    public var accessKey: String { claims.accessKey }

    private let verifier: Verifier
    private let claims: V4Claims
    private let request: SignableRequest
    private let credential: Credential

    init(
        _ verifier: Verifier,
        _ claims: V4Claims,
        of request: SignableRequest,
        by credential: Credential
    ) {
        self.verifier = verifier
        self.claims = claims
        self.request = request
        self.credential = credential
    }

    /// Verifies the signature now that the body is here.
    ///
    /// - Parameter payloadSHA256: The body's SHA-256 in lower-case hex.
    /// - Returns: The proof.
    /// - Throws: `SignatureDoesNotMatch`.
    public func finish(payloadSHA256: String) throws(S3Error) -> VerifiedSignature {
        try verifier.match(claims, of: request, payloadHash: payloadSHA256, by: credential)
    }
}
