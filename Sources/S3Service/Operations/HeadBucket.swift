import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells whether a bucket is there and may be seen.
///
/// [HeadBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html)
struct HeadBucket: Operation {
    static let route = Route(.HEAD, .bucket)
    static let action: Action = "s3:ListBucket"

    /// The header that names a bucket's region.
    static let regionHeader = "x-amz-bucket-region"

    let name: String

    init(_ request: S3Request) throws(S3Error) {
        name = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(name)
        var response = S3Response(
            headers: [
                Self.regionHeader: bucket.region, "x-amz-access-point-alias": "false",
                "x-amz-bucket-arn": "arn:aws:s3:::\(bucket.name)",
                "Content-Type": "application/xml",
            ])
        response.headers.addRegion(bucket.region, context.configuration)
        return response
    }
}
