import ObjectStore
import Policy
import S3Protocol

/// Whether logs may be written into a bucket, as its owner has said.
///
/// [Permissions for log delivery](https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-general)
struct LogDeliveryAccess {
    /// The service that delivers logs, as policies name it.
    static let service = "logging.s3.amazonaws.com"

    let target: Bucket
    let settings: BucketAccess
    /// The twelve digits of the source bucket's owner.
    let sourceAccount: String
    let source: String

    /// Whether the bucket's policy lets the service put an object there, or the bucket's list the group of log delivery.
    ///
    /// - Throws: What looking up a condition's value throws.
    func allows(key: String, at now: Timestamp) throws -> Bool {
        let question = AccessRequest(
            .service(Self.service),
            "s3:PutObject",
            on: "arn:aws:s3:::\(target.name)/\(key)",
            values: Values(access: self, now: now)
        )
        let policies = AccessPolicies(
            identity: .policies(PolicySet([])),
            resource: settings.policy,
            isOwn: true
        )
        switch try policies.decide(question) {
        case .allowed: return true
        case .denied: return false
        case .notAllowed: return isListed
        }
    }

    private var isListed: Bool {
        guard settings.aclsCount, let list = settings.acl else { return false }
        let granted = list.grants.filter { $0.grantee == .group(.logDelivery) }.map(\.permission)
        return granted.contains(.fullControl)
            || (granted.contains(.write) && granted.contains(.readACP))
    }

    /// What conditions can look at.
    private struct Values: ConditionValues {
        let access: LogDeliveryAccess
        let now: Timestamp

        func values(of key: String) -> [String]? {
            single(key).map { [$0] }
        }

        private func single(_ key: String) -> String? {
            switch key {
            case "aws:sourcearn": "arn:aws:s3:::\(access.source)"
            case "aws:sourceaccount": access.sourceAccount
            case "aws:principalservicename": LogDeliveryAccess.service
            case "aws:principalisawsservice", "aws:securetransport": "true"
            case "aws:viaawsservice": "false"
            case "aws:currenttime": ISO8601.format(now)
            case "aws:epochtime": String(now.seconds)
            default: nil
            }
        }
    }
}
