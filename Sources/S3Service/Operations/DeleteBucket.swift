import NIOHTTP1
import ObjectStore
import S3Protocol

/// Deletes a bucket that has no objects; its unfinished uploads go with it.
///
/// [DeleteBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html)
struct DeleteBucket: Operation {
    static let route = Route(.DELETE, .bucket)
    static let action: Action = "s3:DeleteBucket"

    let name: String

    init(_ request: S3Request) throws(S3Error) {
        name = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        try await context.store.deleteBucket(try context.bucket(name))
        return S3Response(.noContent)
    }
}
