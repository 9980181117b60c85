import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol
import Signing
import Synchronization

/// Tells who makes a request: the one place where a signature becomes a caller.
struct Authenticator: Sendable {
    private let verifier: Verifier
    private let store: Store
    private let root: Credential
    private let isStrict: Bool
    private let policies = PolicyCache()

    init(
        _ configuration: ServiceConfiguration,
        store: Store,
        root: Credential,
        time: any TimeSource
    ) {
        self.store = store
        self.root = root
        isStrict = configuration.isStrict
        verifier = Verifier(
            region: configuration.region,
            isStrict: configuration.isStrict,
            v4Only: configuration.sigV4Only,
            hosts: HostAliases(configuration.aliases),
            time: time,
            keys: SigningKeyCache()
        )
    }

    /// Verifies a request's signature.
    ///
    /// - Returns: The caller, who is anonymous where the request is not signed, and its body.
    /// - Throws: ``S3Error`` as ``Verifier`` does.
    func authenticate(_ request: S3Request) async throws -> (Caller, Payload) {
        let verification = try verifier.verify(
            signable(request),
            virtualHostBucket: request.address.isVirtualHost ? request.bucket : nil,
            credential
        )
        switch verification {
        case .anonymous(let signing):
            let payload = payload(request, request.http.body, signing)
            return (.anonymous, payload)
        case .verified(let signature):
            let payload = payload(
                request,
                request.http.body,
                signature.payload,
                signature.chunkSigning
            )
            return (try caller(signature, sent: Self.place(of: request)), payload)
        case .awaitingPayloadHash(let pending):
            let body = try await whole(request.http.body)
            let hash = HashFunction.hash(.sha256, body.readableBytesView)
            let signature = try pending.finish(payloadSHA256: Hex.encode(hash))
            let payload = payload(request, HTTPBody(body), signature.payload)
            return (try caller(signature, sent: Self.place(of: request)), payload)
        }
    }

    /// Whether a caller has the root key: the only one that Pail's own paths are open to.
    func isRoot(_ caller: Caller) -> Bool { caller.accessKey == root.accessKey }

    /// Reads an upload form up to its file, where its signature is.
    ///
    /// - Throws: ``S3Error`` as ``PostForm``, and for a form whose head is signed too.
    func form(of request: S3Request) async throws -> PostForm {
        if isStrict, request.http.body.length == nil {
            throw S3Error(.notImplemented, details: [.init("Header", "Transfer-Encoding")])
        }
        guard case .anonymous = try Authentication.parse(signable(request)) else {
            throw S3Error(
                .invalidRequest,
                "A form is signed in its own fields, and not in a header or in the query."
            )
        }
        do {
            return try await PostForm(request)
        } catch let error as HTTPBodyError {
            throw S3Error(error)
        }
    }

    /// Verifies a form's signature; what the policy says that it signs is looked at later.
    ///
    /// - Returns: The caller, who is anonymous where the form is not signed, and its file.
    /// - Throws: ``S3Error`` as ``Verifier`` does.
    func authenticate(_ form: PostForm) throws -> (Caller, Payload) {
        let claims = try PostClaims.parse { form.fields[$0] }
        let signature = try verifier.verify(claims, credential)
        let payload = Payload(
            body: form.file,
            request: form.request,
            signing: signature?.payload ?? .unsigned,
            chunkSigning: nil,
            isStrict: false
        )
        guard let signature else { return (.anonymous, payload) }
        return (try caller(signature, sent: "POST"), payload)
    }

    private func signable(_ request: S3Request) -> SignableRequest {
        SignableRequest(
            method: request.method.rawValue,
            target: request.http.target,
            headers: request.headers
        )
    }

    private func payload(
        _ request: S3Request,
        _ body: HTTPBody,
        _ signing: PayloadSigning,
        _ chunkSigning: ChunkSigning? = nil
    ) -> Payload {
        Payload(
            body: body,
            request: request,
            signing: signing,
            chunkSigning: chunkSigning,
            isStrict: isStrict
        )
    }

    /// Where a request that is known to be signed has its signature, as conditions name it.
    private static func place(of request: S3Request) -> String {
        request.header("authorization") == nil ? "REST-QUERY-STRING" : "REST-HEADER"
    }

    private func credential(_ accessKey: String) -> Credential? {
        if accessKey == root.accessKey { return root }
        guard let key = store.directory.credential(accessKey), key.isActive else { return nil }
        return Credential(
            accessKey: key.id,
            secret: Secret(key.secret),
            sessionToken: key.sessionToken
        )
    }

    private func caller(
        _ signature: VerifiedSignature,
        sent type: String
    ) throws -> Caller {
        let proof = Caller.Proof(type: type, isV4: !signature.isVersion2)
        if signature.accessKey == root.accessKey {
            return Caller(
                identity: .root(store.directory.rootAccount),
                accessKey: signature.accessKey,
                proof: proof,
                signedHost: signature.signedHost
            )
        }
        // The key may have been deleted since it was looked up.
        guard let user = store.directory.credential(signature.accessKey)?.user else {
            throw S3Error(.invalidAccessKeyID)
        }
        return Caller(
            identity: .user(user, try policies.set(of: user.policies)),
            accessKey: signature.accessKey,
            proof: proof,
            signedHost: signature.signedHost
        )
    }

    /// A body that the signature covers and whose hash the request does not tell.
    private func whole(_ body: HTTPBody) async throws -> ByteBuffer {
        var buffer = ByteBuffer()
        do {
            while let piece = try await body.next() {
                buffer.writeImmutableBuffer(piece)
                guard buffer.readableBytes <= Limits.unhashedBodyBytes else {
                    throw S3Error(
                        .entityTooLarge,
                        "A body of more than \(Limits.unhashedBodyBytes) bytes needs an "
                            + "x-amz-content-sha256 header."
                    )
                }
            }
        } catch let error as HTTPBodyError {
            throw S3Error(error)
        }
        return buffer
    }
}

/// Users' policies, read once for each set of attachments.
private final class PolicyCache: Sendable {
    /// More sets of attachments than a machine has users; then it starts over.
    private static let capacity = 1024

    private let sets = Mutex<[[PolicyAttachment]: PolicySet]>([:])

    func set(of attachments: [PolicyAttachment]) throws -> PolicySet {
        if let set = sets.withLock({ $0[attachments] }) { return set }
        let set = PolicySet(try attachments.map(document))
        sets.withLock {
            if $0.count >= Self.capacity { $0.removeAll() }
            $0[attachments] = set
        }
        return set
    }

    private func document(_ attachment: PolicyAttachment) throws -> PolicyDocument {
        switch attachment {
        case .managed(let name): try ManagedPolicy.named(name)
        case .inline(_, let document): try PolicyDocument(json: document)
        }
    }
}
