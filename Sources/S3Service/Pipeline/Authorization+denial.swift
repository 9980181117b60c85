import Policy
import S3Protocol

extension Authorization {
    /// The answer to what is not allowed.
    ///
    /// S3 explains itself to callers from the account that owns the bucket, and to nobody else.
    ///
    /// [Access denied messages](https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html#access-denied-message-examples)
    func denial(_ decision: Decision, of question: AccessRequest, isOwn: Bool) -> S3Error {
        let (action, resource) = (question.action, question.resource)
        let subject = "\(action) on \(resource)"
        let who = question.requester.arn ?? "anonymous"
        let (explanation, reason) =
            switch decision {
            case .allowed: ("", "")
            case .denied(let statement, let kind):
                (
                    "with an explicit deny in \(kind.article) \(kind.rawValue) policy",
                    "denied by \(statement) of \(kind.article) \(kind.rawValue) policy"
                )
            case .notAllowed(let kind):
                (
                    "because no \(kind.rawValue) policy allows the \(action) action",
                    "no \(kind.rawValue) policy allows it"
                )
            }
        guard isOwn, let arn = question.requester.arn else {
            return S3Error(.accessDenied, logged: "\(subject) by \(who): \(reason)")
        }
        return S3Error(
            .accessDenied,
            "User: \(arn) is not authorized to perform: \(action) on resource: \"\(resource)\" "
                + explanation,
            logged: "\(subject) by \(who): \(reason)"
        )
    }

    /// The answer to what the block of public access refuses.
    func blocked(_ action: Action, on target: Target, what: String, setting: String) -> S3Error {
        let arn = caller.requester.arn ?? "anonymous"
        return S3Error(
            .accessDenied,
            "User: \(arn) is not authorized to perform: \(action.name) on resource: "
                + "\"\(target.resource)\" because \(what) are prevented by the \(setting) setting in S3 "
                + "Block Public Access.",
            logged: "\(action.name) on \(target.resource): \(setting)"
        )
    }
}

extension PolicyKind {
    fileprivate var article: String { self == .identity ? "an" : "a" }
}
