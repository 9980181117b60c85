import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells whether a bucket keeps versions; nothing where it never did.
///
/// [GetBucketVersioning](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html)
struct GetBucketVersioning: Operation {
    static let route = Route(.GET, .bucket, query: ["versioning"])
    static let action: Action = "s3:GetBucketVersioning"

    let name: String

    init(_ request: S3Request) throws(S3Error) {
        name = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(name)
        let document = XMLWriter.document("VersioningConfiguration") { xml in
            xml.element("Status", ifPresent: bucket.versioning?.rawValue)
        }
        return S3Response(xml: document)
    }
}
