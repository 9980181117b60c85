import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells whether a bucket's policy makes it public.
///
/// [GetBucketPolicyStatus](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html)
struct GetBucketPolicyStatus: Operation {
    static let route = Route(.GET, .bucket, query: ["policyStatus"])
    static let action: Action = "s3:GetBucketPolicyStatus"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let access = try context.access(of: bucket)
        guard access.policy != nil else {
            throw S3Error(.noSuchBucketPolicy, details: [.init("BucketName", bucket.name)])
        }
        let document = XMLWriter.document("PolicyStatus") { xml in
            xml.element("IsPublic", access.isPolicyPublic)
        }
        return S3Response(xml: document)
    }
}
