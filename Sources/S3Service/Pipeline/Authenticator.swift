import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol
import Signing

/// Tells who makes a request: the one place where a signature becomes a caller.
struct Authenticator: Sendable {
    private let verifier: Verifier
    /// Of the services beside S3, which take version 4 alone.
    private let others: [String: Verifier]
    private let region: String
    private let store: Store
    private let root: Credential
    private let isStrict: Bool
    private let callers = CallerCache()

    init(
        _ configuration: ServiceConfiguration,
        store: Store,
        root: Credential,
        time: any TimeSource
    ) {
        self.store = store
        self.root = root
        isStrict = configuration.isStrict
        let keys = SigningKeyCache()
        func verifier(_ service: String, region: String, v4Only: Bool) -> Verifier {
            Verifier(
                region: region,
                service: service,
                // IAM is of all regions, and is signed for us-east-1.
                isStrict: configuration.isStrict && service != "iam",
                v4Only: v4Only,
                hosts: HostAliases(configuration.aliases),
                time: time,
                keys: keys
            )
        }
        let region = configuration.region
        self.region = region
        self.verifier = verifier("s3", region: region, v4Only: configuration.sigV4Only)
        others = ["iam", "sts"].reduce(into: [:]) {
            $0[$1] = verifier($1, region: region, v4Only: true)
        }
    }

    /// Verifies a request's signature.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - service: The service that it must be signed for.
    /// - Returns: The caller, who is anonymous where the request is not signed, and its body.
    /// - Throws: ``S3Error`` as ``Verifier`` does.
    func authenticate(
        _ request: S3Request,
        for service: String = "s3"
    ) async throws -> (Caller, Payload) {
        let verification = try (others[service] ?? verifier).verify(
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
            return (try caller(signature, of: service, sent: Self.place(of: request)), payload)
        case .awaitingPayloadHash(let pending):
            let body = try await whole(request.http.body)
            let hash = HashFunction.hash(.sha256, body.readableBytesView)
            let signature = try pending.finish(payloadSHA256: Hex.encode(hash))
            let payload = payload(request, HTTPBody(body), signature.payload)
            return (try caller(signature, of: service, sent: Self.place(of: request)), payload)
        }
    }

    /// The public half of the key that the daemon was started with.
    var rootAccessKey: String { root.accessKey }

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
        return (try caller(signature, of: "s3", sent: "POST"), payload)
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
        if let key = store.directory.credential(accessKey) {
            guard key.isActive else { return nil }
            return Credential(accessKey: key.id, secret: Secret(key.secret))
        }
        return store.directory.session(accessKey).map { session in
            Credential(
                accessKey: session.accessKey,
                secret: Secret(session.secret),
                sessionToken: session.token,
                expires: session.expires
            )
        }
    }

    private func caller(
        _ signature: VerifiedSignature,
        of service: String,
        sent type: String
    ) throws -> Caller {
        let found: (Caller.Identity, Caller.Temporary?)? =
            if signature.accessKey == root.accessKey {
                (.root(store.directory.rootAccount), nil)
            } else {
                try callers.caller(of: signature.accessKey, in: store.directory)
            }
        // What the signature was verified with may have been deleted since.
        guard let (identity, temporary) = found else { throw S3Error(.invalidAccessKeyID) }
        if temporary == nil {
            // IAM is of all regions, which are told as the first.
            let region = service == "iam" ? "us-east-1" : region
            store.directory.noteUse(of: signature.accessKey, for: service, in: region)
        }
        return Caller(
            identity: identity,
            accessKey: signature.accessKey,
            proof: Caller.Proof(type: type, isV4: !signature.isVersion2),
            temporary: temporary,
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
