import Digests
import NIOHTTP1
import S3Protocol

extension Verifier {
    func verify(
        _ claims: V4Claims,
        of request: SignableRequest,
        by credential: Credential
    ) throws(S3Error) -> Verification {
        try checkRegion(claims)
        try checkTime(claims)
        try checkToken(claims.sessionToken, of: credential)
        try checkSignedHeaders(claims, of: request)
        if let payloadHash = claims.payloadHash {
            return .verified(
                try match(claims, of: request, payloadHash: payloadHash, by: credential)
            )
        }
        // Other services hash the body themselves.
        guard !isStrict || service != "s3" else {
            throw S3Error(
                .invalidRequest,
                "Missing required header for this request: x-amz-content-sha256"
            )
        }
        return .awaitingPayloadHash(
            PendingSignature(self, claims, of: request, by: credential)
        )
    }

    /// Compares the signature with the one that the request should have, by each spelling and for each host
    /// that it may have been made for.
    func match(
        _ claims: V4Claims,
        of request: SignableRequest,
        payloadHash: String,
        by credential: Credential
    ) throws(S3Error) -> VerifiedSignature {
        let key = keys.key(for: credential, scope: claims.scope)
        let attempt = V4Attempt(
            key: key,
            date: claims.date,
            signature: Array(claims.signature.utf8)
        )
        var canonical = CanonicalRequest(
            request,
            signedHeaders: claims.signedHeaders,
            payloadHash: payloadHash
        )
        if attempt.matches(canonical) { return verified(claims, key, signedHost: nil) }

        let received = request.headers.first(name: "host") ?? ""
        for host in hosts.equivalents(of: received) {
            canonical.headers.replaceOrAdd(name: "host", value: host)
            if attempt.matches(canonical) { return verified(claims, key, signedHost: host) }
        }
        canonical.headers = request.headers
        throw mismatch(attempt, canonical, of: request, by: credential)
    }

    private func verified(
        _ claims: V4Claims,
        _ key: SigningKey,
        signedHost: String?
    ) -> VerifiedSignature {
        let signing = ChunkSigning(
            seedSignature: claims.signature,
            key: key,
            date: claims.date
        )
        return VerifiedSignature(
            accessKey: claims.accessKey,
            payload: claims.payload,
            chunkSigning: claims.payload.hasSignedChunks ? signing : nil,
            signedHost: signedHost
        )
    }

    private func mismatch(
        _ attempt: V4Attempt,
        _ canonical: CanonicalRequest,
        of request: SignableRequest,
        by credential: Credential
    ) -> S3Error {
        let diagnosis = SignatureDiagnosis(attempt, canonical, credential)
        let bytes = canonical.bytes(.documented)
        return .signatureDoesNotMatch(
            accessKey: credential.accessKey,
            stringToSign: attempt.key.stringToSign(bytes, date: attempt.date),
            provided: String(decoding: attempt.signature, as: UTF8.self),
            canonicalRequest: bytes,
            hint: diagnosis.hint
        )
    }
}

/// A signature, and all that it takes to make it again from a canonical request.
struct V4Attempt {
    var key: SigningKey
    let date: String
    let signature: [UInt8]

    /// Whether the signature is that of a request, in either of the accepted spellings.
    func matches(_ canonical: CanonicalRequest) -> Bool {
        let documented = canonical.bytes(.documented)
        if matches(documented) { return true }
        let literal = canonical.bytes(.literal)
        return literal != documented && matches(literal)
    }

    private func matches(_ canonicalBytes: [UInt8]) -> Bool {
        let expected = key.sign(key.stringToSign(canonicalBytes, date: date))
        return equalInConstantTime(expected, signature)
    }
}

// MARK: Checks before the signature

extension Verifier {
    private func checkRegion(_ claims: V4Claims) throws(S3Error) {
        guard isStrict, claims.scope.region != region else { return }
        let reason = "the region '\(claims.scope.region)' is wrong; expecting '\(region)'"
        let detail = S3Error.Detail("Region", region)
        switch claims.place {
        case .header: throw .malformedAuthorization(reason, details: [detail])
        case .query:
            throw .malformedQuery(
                "Error parsing the X-Amz-Credential parameter; \(reason)",
                details: [detail]
            )
        }
    }

    private func checkTime(_ claims: V4Claims) throws(S3Error) {
        guard case .query(let expires) = claims.place else {
            return try checkSkew(claims.time, as: claims.date)
        }
        let now = time.now()
        let end = claims.time.advanced(bySeconds: expires)
        let details: [S3Error.Detail] = [
            .init("X-Amz-Expires", String(expires)), .init("Expires", end.inSeconds),
            .init("ServerTime", now.inSeconds),
        ]
        guard claims.time <= now.advanced(bySeconds: Self.maximumSkew) else {
            throw S3Error(.accessDenied, "Request is not yet valid", details: details)
        }
        guard expires > 0, now <= end else {
            throw S3Error(.accessDenied, "Request has expired", details: details)
        }
    }

    /// `Host` must be signed, and every `x-amz-` header that came; the one that names the body's hash is in the
    /// canonical request by itself.
    private func checkSignedHeaders(
        _ claims: V4Claims,
        of request: SignableRequest
    ) throws(S3Error) {
        let signed = Array(claims.signedHeaders.utf8).split(separator: UInt8(ascii: ";"))
        guard signed.count <= Self.maximumSignedHeaders else {
            throw S3Error(.requestHeaderSectionTooLarge)
        }
        func isSigned(_ name: String) -> Bool {
            signed.contains { $0.equalsIgnoringCase(name.utf8) }
        }
        var unsigned = isSigned("host") ? [] : ["host"]
        for (name, _) in request.headers
        where name.utf8.startsIgnoringCase(with: "x-amz-".utf8)
            && !name.utf8.equalsIgnoringCase("x-amz-content-sha256".utf8) && !isSigned(name)
        {
            unsigned.append(name.lowercased())
        }
        guard unsigned.isEmpty else {
            throw S3Error(
                .accessDenied,
                "There were headers present in the request which were not signed",
                details: [.init("HeadersNotSigned", unsigned.joined(separator: ", "))]
            )
        }
    }
}

extension PayloadSigning {
    var hasSignedChunks: Bool { self == .streamingSigned || self == .streamingSignedTrailer }
}
