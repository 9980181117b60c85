import ObjectStore
import S3Protocol

/// The lists that S3 has names for.
///
/// [Canned ACL](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl)
enum CannedACL: String, Sendable, CaseIterable {
    case ownerOnly = "private"
    case publicRead = "public-read"
    case publicReadWrite = "public-read-write"
    case authenticatedRead = "authenticated-read"
    case awsExecRead = "aws-exec-read"
    case bucketOwnerRead = "bucket-owner-read"
    case bucketOwnerFullControl = "bucket-owner-full-control"
    case logDeliveryWrite = "log-delivery-write"

    /// The canned list that a header names; `nil` for no header.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for a name that S3 does not know.
    static func read(_ request: S3Request) throws(S3Error) -> CannedACL? {
        guard let name = request.header("x-amz-acl") else { return nil }
        guard let canned = CannedACL(rawValue: name) else {
            throw S3Error(
                .invalidArgument,
                "",
                details: [.init("ArgumentName", "x-amz-acl"), .init("ArgumentValue", name)]
            )
        }
        return canned
    }

    /// The list that it stands for.
    func list(owner: Account.ID, bucketOwner: Account.ID) -> AccessControlList {
        let own = Grant(.fullControl, to: .account(owner))
        let more: [Grant] =
            switch self {
            // EC2 reads for `aws-exec-read`, and there is no EC2 here to name.
            case .ownerOnly, .awsExecRead: []
            case .publicRead: [Grant(.read, to: .group(.allUsers))]
            case .publicReadWrite:
                [Grant(.read, to: .group(.allUsers)), Grant(.write, to: .group(.allUsers))]
            case .authenticatedRead: [Grant(.read, to: .group(.authenticatedUsers))]
            case .bucketOwnerRead:
                owner == bucketOwner ? [] : [Grant(.read, to: .account(bucketOwner))]
            case .bucketOwnerFullControl:
                owner == bucketOwner ? [] : [Grant(.fullControl, to: .account(bucketOwner))]
            case .logDeliveryWrite:
                [
                    Grant(.write, to: .group(.logDelivery)),
                    Grant(.readACP, to: .group(.logDelivery)),
                ]
            }
        // A list is a set; groups stand in front of the owner because some readers count on it.
        return AccessControlList(grants: more + [own])
    }
}
