import NIOHTTP1
import ObjectStore
import S3Protocol

/// Answers what GetObject would, without the content.
///
/// [HeadObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)
struct HeadObject: Operation {
    static let route = Route(.HEAD, .object, optional: ["partNumber", "versionId"])
    static let action: Action = "s3:GetObject"
    static let encryptionUse: EncryptionUse = [.customerKey]

    static func action(for request: S3Request) -> Action { GetObject.action(for: request) }

    let read: ObjectRead

    init(_ request: S3Request) throws(S3Error) {
        read = try ObjectRead(request)
    }

    func run(in context: Context) async throws -> S3Response {
        try read.checkOverrides(by: context.caller)
        let bucket = try context.bucket(read.bucket)
        guard let object = try context.store.version(read.version, of: read.key, in: bucket) else {
            throw read.version.missing(read.key)
        }
        return try read.answer(object, in: bucket, context).response
    }
}
