import NIOHTTP1
import S3Protocol

/// Tells who pays for requests.
///
/// [GetBucketRequestPayment](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html)
struct GetBucketRequestPayment: Operation {
    static let route = Route(.GET, .bucket, query: ["requestPayment"])
    static let action: Action = "s3:GetBucketRequestPayment"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let isRequester = try context.access(of: bucket).requesterPays
        let document = XMLWriter.document("RequestPaymentConfiguration") { xml in
            xml.element("Payer", isRequester ? "Requester" : "BucketOwner")
        }
        return S3Response(xml: document)
    }
}
