import Digests
import NIOHTTP1
import S3Protocol

extension Verifier {
    func verify(
        _ claims: V2Claims,
        of request: SignableRequest,
        bucket: String?,
        by credential: Credential
    ) throws(S3Error) -> VerifiedSignature {
        try checkTime(claims, of: request)
        try checkToken(claims.sessionToken, of: credential)
        let lines = StringToSignV2(
            method: request.method,
            target: request.target,
            headers: request.headers,
            bucket: bucket,
            date: claims.date,
            isPresigned: claims.place != .header
        )
        guard matches(lines, claims, credential) else {
            throw .signatureDoesNotMatch(
                accessKey: credential.accessKey,
                stringToSign: lines.bytes(.documented),
                provided: claims.signature,
                hint: hint(lines, claims, credential)
            )
        }
        return VerifiedSignature(
            accessKey: claims.accessKey,
            payload: claims.payload,
            isVersion2: true
        )
    }

    private func checkTime(
        _ claims: V2Claims,
        of request: SignableRequest
    ) throws(S3Error) {
        switch claims.place {
        case .header:
            guard let moment = claims.time else { throw .dateMissing }
            let text = request.headers.first(name: "x-amz-date") ?? claims.date
            try checkSkew(moment, as: text)
        case .query(let end):
            let now = time.now()
            guard now <= end else {
                throw S3Error(
                    .accessDenied,
                    "Request has expired",
                    details: [.init("Expires", end.inSeconds), .init("ServerTime", now.inSeconds)]
                )
            }
        }
    }

    private func matches(
        _ lines: StringToSignV2,
        _ claims: V2Claims,
        _ credential: Credential
    ) -> Bool {
        [lines, lines.withBucketSlash].compactMap(\.self).contains { lines in
            StringToSignV2.SubResources.allCases.contains { subResources in
                let signature = credential.secret.signV2(lines.bytes(subResources))
                return equalInConstantTime(Array(signature.utf8), Array(claims.signature.utf8))
            }
        }
    }

    /// Names the first difference that explains the signature.
    private func hint(
        _ lines: StringToSignV2,
        _ claims: V2Claims,
        _ credential: Credential
    ) -> String {
        func isSigned(_ change: (inout StringToSignV2) -> Void) -> Bool {
            var changed = lines
            change(&changed)
            return matches(changed, claims, credential)
        }
        if isSigned({ $0.bucket = nil }) {
            return "signed without the bucket \(lines.bucket ?? "") of the host"
        }
        for method in ["GET", "HEAD", "PUT", "POST", "DELETE"]
        where isSigned({ $0.method = method }) {
            return "signed method \(method), received \(lines.method)"
        }
        for name in ["content-type", "content-md5"]
        where isSigned({ $0.headers.replaceOrAdd(name: name, value: "") }) {
            return "\(name) was signed as '', received '\(lines.headers.first(name: name) ?? "")'"
        }
        return "the secret key differs, or the value of a signed header does"
    }
}
