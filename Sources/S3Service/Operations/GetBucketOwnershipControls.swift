import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells whose the objects of a bucket are.
///
/// [GetBucketOwnershipControls](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html)
struct GetBucketOwnershipControls: Operation {
    static let route = Route(.GET, .bucket, query: ["ownershipControls"])
    static let action: Action = "s3:GetBucketOwnershipControls"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let stored = try context.store.setting(ObjectOwnership.setting, of: bucket) else {
            throw S3Error(.ownershipControlsNotFound, details: [.init("BucketName", bucket.name)])
        }
        let document = XMLWriter.document("OwnershipControls") { xml in
            xml.element("Rule") { xml in
                xml.element("ObjectOwnership", String(decoding: stored, as: UTF8.self))
            }
        }
        return S3Response(xml: document)
    }
}
