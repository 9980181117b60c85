import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Says who is to be told of what happens to a bucket's objects, in place of what was said before.
///
/// Queues and topics that are named are told that they were, by an event of their own. PutBucketNotification, the older
/// operation, is the same request with a document of the older form.
///
/// [PutBucketNotificationConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html)
struct PutBucketNotificationConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["notification"])
    static let action: Action = "s3:PutBucketNotification"

    let bucket: String
    /// Whether destinations may be named that are not there; they are told nothing.
    let skipsValidation: Bool

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        skipsValidation =
            request.header("x-amz-skip-destination-validation")?.lowercased() == "true"
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let document = try await context.payload.document()
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let configuration = try NotificationConfiguration(document: document.readableBytesView) {
            UniqueName.rule(context.store.random)
        }
        try await context.store.set(
            NotificationConfiguration.setting,
            to: configuration.isEmpty ? nil : configuration.stored,
            of: bucket,
            posting: skipsValidation ? [] : try tests(configuration, of: bucket, context)
        )
        return S3Response()
    }

    /// Finds every destination, and makes the events that say so.
    private func tests(
        _ configuration: NotificationConfiguration,
        of bucket: Bucket,
        _ context: Context
    ) throws -> [NewMessage] {
        let text = EventRecord.test(of: bucket, at: context.now, context.ids)
        return try configuration.rules.compactMap { rule in
            let mailbox = try context.announcer.destinations.mailbox(of: rule, in: bucket)
            // A function is not called for a test.
            guard rule.kind != .function else { return nil }
            return NewMessage(to: mailbox, about: "\(bucket.id)", Array(text.utf8))
        }
    }
}
