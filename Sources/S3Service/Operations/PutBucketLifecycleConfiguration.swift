import Digests
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
            Self.makeID(context.store.random)
        }
        try await context.store.setLifecycle(lifecycle, of: bucket)
        return S3Response(headers: [TransitionMinimumHeader.name: transitionMinimum.rawValue])
    }

    /// Names as S3 makes them: a UUID of version 4 in base64, 48 characters.
    private static func makeID(_ random: any RandomSource) -> String {
        var bytes = random.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { Hex.encode(bytes[$0]) }
        return Base64.encode(Array(groups.joined(separator: "-").utf8))
    }
}
