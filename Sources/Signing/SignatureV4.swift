import Digests
public import NIOHTTP1
public import S3Protocol

/// Signs requests by version 4, as S3's clients do.
///
/// [Signature version 4](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html)
public enum SignatureV4 {
    /// A request's head, signed.
    public struct Signed: Sendable {
        /// All of its header fields, `Authorization` among them.
        public let headers: HTTPHeaders
        /// What its body's chunks are signed with, where ``PayloadSigning`` asks for that.
        public let chunkSigning: ChunkSigning
    }

    /// Headers that change on the way, and so are never signed.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
    ]

    /// Signs a request in its `Authorization` header.
    ///
    /// - Parameters:
    ///   - request: The request with its `Host` header.
    ///   - credential: The signer's.
    ///   - region: The bucket's.
    ///   - service: The service that is asked.
    ///   - payload: What is said of the body.
    ///   - bodySHA256: The body's hash in hex, where the payload is ``PayloadSigning/absent``.
    ///   - time: Now, by the signer's clock.
    /// - Returns: The request's headers with those that sign it.
    public static func sign(
        _ request: SignableRequest,
        by credential: Credential,
        region: String,
        service: String = "s3",
        payload: PayloadSigning,
        bodySHA256: String = "",
        at time: Timestamp
    ) -> Signed {
        let date = ISO8601.formatBasic(time)
        var signed = request
        signed.headers.replaceOrAdd(name: "x-amz-date", value: date)
        if let hash = payload.headerValue {
            signed.headers.replaceOrAdd(name: "x-amz-content-sha256", value: hash)
        }
        if let token = credential.sessionToken {
            signed.headers.replaceOrAdd(name: "x-amz-security-token", value: token)
        }
        let key = key(credential, region, date, service)
        let names = signedHeaders(signed.headers)
        let canonical = CanonicalRequest(
            signed,
            signedHeaders: names,
            payloadHash: payload.headerValue ?? bodySHA256
        )
        let signature = signature(canonical, key, date)
        signed.headers.replaceOrAdd(
            name: "Authorization",
            value: """
                \(V4Claims.algorithm) Credential=\(credential.accessKey)/\(key.scope), \
                SignedHeaders=\(names), Signature=\(signature)
                """
        )
        let chunkSigning = ChunkSigning(seedSignature: signature, key: key, date: date)
        return Signed(headers: signed.headers, chunkSigning: chunkSigning)
    }

    /// Signs a request in its query, for somebody else to send.
    ///
    /// - Parameters:
    ///   - request: The request with its `Host` header, and no other headers than its sender will send too.
    ///   - credential: The signer's.
    ///   - region: The bucket's.
    ///   - seconds: How long the URL is good for: 1 to 604,800.
    ///   - time: Now, by the signer's clock.
    /// - Returns: The target with the parameters that sign it.
    public static func presign(
        _ request: SignableRequest,
        by credential: Credential,
        region: String,
        expiresIn seconds: Int,
        at time: Timestamp
    ) -> String {
        let date = ISO8601.formatBasic(time)
        let key = key(credential, region, date)
        let names = signedHeaders(request.headers)
        var parameters = [
            ("X-Amz-Algorithm", V4Claims.algorithm),
            ("X-Amz-Credential", "\(credential.accessKey)/\(key.scope)"), ("X-Amz-Date", date),
            ("X-Amz-Expires", String(seconds)), ("X-Amz-SignedHeaders", names),
        ]
        if let token = credential.sessionToken {
            parameters.append(("X-Amz-Security-Token", token))
        }
        var signed = request
        signed.appendQuery(parameters)
        let payload = PayloadSigning.unsigned.headerValue ?? ""
        let canonical = CanonicalRequest(signed, signedHeaders: names, payloadHash: payload)
        signed.appendQuery([("X-Amz-Signature", signature(canonical, key, date))])
        return signed.target
    }

    private static func key(
        _ credential: Credential,
        _ region: String,
        _ date: String,
        _ service: String = "s3"
    ) -> SigningKey {
        let scope = CredentialScope(
            day: String(date.prefix(8)),
            region: region,
            service: service
        )
        return SigningKey(secret: credential.secret, scope: scope)
    }

    private static func signature(
        _ canonical: CanonicalRequest,
        _ key: SigningKey,
        _ date: String
    ) -> String {
        let lines = key.stringToSign(canonical.bytes(.documented), date: date)
        return String(decoding: key.sign(lines), as: UTF8.self)
    }

    private static func signedHeaders(_ headers: HTTPHeaders) -> String {
        Set(headers.map { $0.name.lowercased() }).subtracting(unsigned).sorted()
            .joined(separator: ";")
    }
}

extension SignableRequest {
    /// Adds parameters to the query, encoded.
    mutating func appendQuery(_ parameters: [(name: String, value: String)]) {
        for (name, value) in parameters {
            let separator = query == nil ? "?" : "&"
            target += "\(separator)\(PercentCoding.encode(name))=\(PercentCoding.encode(value))"
        }
    }
}
