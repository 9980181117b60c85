import NIOHTTP1
import ObjectStore
import S3Protocol

/// Ends an upload without an object, and gives its parts' space back.
///
/// [AbortMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html)
struct AbortMultipartUpload: Operation {
    static let route = Route(.DELETE, .object, query: ["uploadId"])
    static let action: Action = "s3:AbortMultipartUpload"

    let bucket: String
    let key: String
    let uploadID: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        uploadID = request.query["uploadId"] ?? ""
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.abort(
            try context.store.upload(uploadID, key: key, in: bucket)
        )
        return S3Response(.noContent)
    }
}
