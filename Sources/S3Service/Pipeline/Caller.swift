import ObjectStore
import Policy
import S3Protocol
import Signing

/// Who makes a request: only ever the result of a verified signature.
struct Caller: Sendable {
    /// What the caller may do.
    enum Rights: Sendable {
        /// The account's own key: everything in the account.
        case root
        /// What a user's policies allow.
        case policies(PolicySet)
    }

    /// The account that the caller belongs to and whose buckets it sees.
    let account: Account
    let rights: Rights
    let accessKey: String

    /// Whether the caller's own policies let it do something.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied`; the log is told which statement denied.
    func require(_ action: Action, on resource: String) throws(S3Error) {
        guard case .policies(let policies) = rights else { return }
        switch policies.evaluate(action: action.name, resource: resource) {
        case .allowed: return
        case .denied(let statement):
            throw S3Error(
                .accessDenied,
                logged: "\(action.name) on \(resource): denied by \(statement)"
            )
        case .notAllowed:
            throw S3Error(
                .accessDenied,
                logged: "\(action.name) on \(resource): no statement allows it"
            )
        }
    }
}
