import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Says what is to happen to a bucket's objects by themselves, in place of what was said before.
///
/// PutBucketLifecycle, the older operation, is the same request with a document of the older form.
///
/// [PutBucketLifecycleConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html)
struct PutBucketLifecycleConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["lifecycle"])
    static let action: Action = "s3:PutLifecycleConfiguration"

    let bucket: String
    let transitionMinimum: LifecycleConfiguration.TransitionMinimum

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        transitionMinimum = try TransitionMinimumHeader.read(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let document = try await context.payload.document()
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let lifecycle = try LifecycleConfiguration(
            document: document.readableBytesView,
            transitionMinimum: transitionMinimum
        ) {
            UniqueName.rule(context.store.random)
        }
        try await context.store.setLifecycle(lifecycle, of: bucket)
        return S3Response(headers: [TransitionMinimumHeader.name: transitionMinimum.rawValue])
    }
}
