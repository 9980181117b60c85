import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells the region that a bucket was made in.
///
/// [GetBucketLocation](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html)
struct GetBucketLocation: Operation {
    static let route = Route(.GET, .bucket, query: ["location"])
    static let action: Action = "s3:GetBucketLocation"

    let name: String

    init(_ request: S3Request) throws(S3Error) {
        name = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let region = try context.bucket(name).region
        let document = XMLWriter.document("LocationConstraint") { xml in
            // The oldest region has no name here.
            if region != "us-east-1" { xml.text(region) }
        }
        var response = S3Response(xml: document)
        response.headers.addRegion(region, context.configuration)
        return response
    }
}
