import S3Protocol

extension StorageClass {
    /// The class that a write asks for.
    ///
    /// - Throws: ``S3Error`` with `InvalidStorageClass`.
    static func read(_ request: S3Request) throws(S3Error) -> String {
        guard let name = request.header("x-amz-storage-class") else { return standard }
        guard names.contains(name) else {
            throw S3Error(
                .invalidStorageClass,
                details: [.init("StorageClassRequested", name)]
            )
        }
        return name
    }
}

/// The canned ACLs S3 knows.
///
/// A new bucket's objects belong to its owner whatever they say, so they are
/// checked and have no effect.
///
/// [Canned ACL](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl)
enum CannedACL {
    private static let names: Set<String> = [
        "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read",
        "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write",
    ]

    /// - Throws: ``S3Error`` with `InvalidArgument` for a name that S3 does not know.
    static func check(_ request: S3Request) throws(S3Error) {
        guard let name = request.header("x-amz-acl"), !names.contains(name) else { return }
        throw S3Error(
            .invalidArgument,
            "",
            details: [.init("ArgumentName", "x-amz-acl"), .init("ArgumentValue", name)]
        )
    }
}
