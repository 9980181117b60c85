import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells until when a version is kept.
///
/// [GetObjectRetention](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html)
struct GetObjectRetention: Operation {
    static let route = Route(.GET, .object, query: ["retention"], optional: ["versionId"])
    static let action: Action = "s3:GetObjectRetention"

    let bucket: String
    let object: TaggedObject

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        object = try TaggedObject(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard try LockConfiguration(of: bucket, context.store) != nil else {
            throw LockConfiguration.missing
        }
        let found = try object.find(in: bucket, context.store)
        guard let retention = found.lock.retention else {
            throw S3Error(.noSuchObjectLockConfiguration)
        }
        let document = XMLWriter.document("Retention") { xml in
            xml.element("Mode", retention.mode.rawValue)
            xml.element("RetainUntilDate", ISO8601.format(retention.until))
        }
        return S3Response(xml: document)
    }
}
