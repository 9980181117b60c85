public import NIOHTTP1
public import S3Protocol

/// Signs requests by version 2, as older clients do.
///
/// [Signing and authenticating REST requests](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html)
public enum SignatureV2 {
    /// Signs a request in its `Authorization` header.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - credential: The signer's.
    ///   - virtualHostBucket: The bucket that its `Host` header names, if it names one.
    ///   - time: Now, by the signer's clock.
    /// - Returns: The request's headers with those that sign it.
    public static func sign(
        _ request: SignableRequest,
        by credential: Credential,
        virtualHostBucket: String? = nil,
        at time: Timestamp
    ) -> HTTPHeaders {
        var headers = request.headers
        let date = HTTPDate.format(time)
        headers.replaceOrAdd(name: "Date", value: date)
        headers.remove(name: "x-amz-date")
        if let token = credential.sessionToken {
            headers.replaceOrAdd(name: "x-amz-security-token", value: token)
        }
        let lines = StringToSignV2(
            method: request.method,
            target: request.target,
            headers: headers,
            bucket: virtualHostBucket,
            date: date,
            isPresigned: false
        )
        let signature = credential.secret.signV2(lines.bytes(.documented))
        headers.replaceOrAdd(
            name: "Authorization",
            value: "AWS \(credential.accessKey):\(signature)"
        )
        return headers
    }

    /// Signs a request in its query, for somebody else to send until a moment.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - credential: The signer's.
    ///   - virtualHostBucket: The bucket that its `Host` header names, if it names one.
    ///   - end: The last moment at which the URL is good.
    /// - Returns: The target with the parameters that sign it.
    public static func presign(
        _ request: SignableRequest,
        by credential: Credential,
        virtualHostBucket: String? = nil,
        until end: Timestamp
    ) -> String {
        var signed = request
        if let token = credential.sessionToken {
            signed.appendQuery([("x-amz-security-token", token)])
        }
        let expires = String(end.seconds)
        let lines = StringToSignV2(
            method: signed.method,
            target: signed.target,
            headers: signed.headers,
            bucket: virtualHostBucket,
            date: expires,
            isPresigned: true
        )
        signed.appendQuery([
            ("AWSAccessKeyId", credential.accessKey),
            ("Signature", credential.secret.signV2(lines.bytes(.documented))), ("Expires", expires),
        ])
        return signed.target
    }
}
