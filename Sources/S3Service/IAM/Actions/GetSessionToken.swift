import ObjectStore
import S3Protocol

extension QueryAction {
    /// Makes a temporary key of the caller's own.
    ///
    /// [GetSessionToken](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html)
    static let getSessionToken = QueryAction(free: "GetSessionToken") { call in
        guard call.caller.temporary == nil else {
            throw QueryError(
                .accessDenied,
                "Cannot call GetSessionToken with session credentials"
            )
        }
        try call.refuseSecondFactor()
        var user: Int64?
        if case .user(let identity, _) = call.caller.identity { user = identity.id }
        let seconds = try call.form.number("DurationSeconds", in: 900...129_600)
        // The root's sessions end after an hour, whatever is asked for.
        let longest: Int64 = user == nil ? 3600 : 129_600
        let session = try await call.directory.begin(
            NewSession(
                account: call.account,
                identity: user,
                seconds: min(seconds ?? 43_200, longest)
            )
        )
        return { xml in xml.credentials(of: session) }
    }
}

extension QueryCall {
    /// Fails where a request would prove a second factor: nobody has one here.
    func refuseSecondFactor() throws(QueryError) {
        guard form["SerialNumber"] == nil, form["TokenCode"] == nil else {
            throw QueryError(
                .accessDenied,
                "MultiFactorAuthentication failed, unable to validate MFA code."
            )
        }
    }
}

extension XMLWriter {
    /// A temporary key, told once.
    mutating func credentials(of session: Session) {
        element("Credentials") { xml in
            xml.element("AccessKeyId", session.accessKey)
            xml.element("SecretAccessKey", session.secret)
            xml.element("SessionToken", session.token)
            xml.element("Expiration", session.expires)
        }
    }
}
