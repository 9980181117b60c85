import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Begins or suspends the keeping of versions; there is no way back to never having kept any.
///
/// [PutBucketVersioning](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html)
struct PutBucketVersioning: Operation {
    static let route = Route(.PUT, .bucket, query: ["versioning"])
    static let action: Action = "s3:PutBucketVersioning"

    let name: String

    init(_ request: S3Request) throws(S3Error) {
        name = request.bucket
        guard request.header("x-amz-mfa") == nil else {
            throw S3Error(.notImplemented, details: [.init("Header", "x-amz-mfa")])
        }
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(name)
        let body = try await context.payload.document()
        guard body.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let document = try XMLElement.parse(body.readableBytesView, root: "VersioningConfiguration")
        guard document["MfaDelete"]?.trimmed != "Enabled" else {
            throw S3Error(.notImplemented, "MFA delete is not implemented.")
        }
        guard let status = document["Status"]?.trimmed else {
            throw S3Error(.illegalVersioningConfiguration)
        }
        guard let versioning = Versioning(rawValue: status) else { throw S3Error(.malformedXML) }
        if versioning == .suspended,
            try context.store.setting(ReplicationConfiguration.setting, of: bucket) != nil
        {
            throw S3Error(
                .invalidBucketState,
                "A replication configuration is present on this bucket, so the versioning state cannot "
                    + "be changed."
            )
        }
        if versioning == .suspended, try LockConfiguration(of: bucket, context.store) != nil {
            throw S3Error(
                .invalidBucketState,
                "An Object Lock configuration is present on this bucket, so the versioning state "
                    + "cannot be changed."
            )
        }
        try await context.store.setVersioning(versioning, of: bucket)
        return S3Response()
    }
}
