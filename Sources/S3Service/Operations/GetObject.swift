import HTTPMessage
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Answers an object's content, or a range or part of it.
///
/// [GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)
struct GetObject: Operation {
    static let route = Route(.GET, .object, optional: ["partNumber", "versionId"])
    static let action: Action = "s3:GetObject"
    static let encryptionUse: EncryptionUse = [.customerKey]

    static let versionAction: Action = "s3:GetObjectVersion"

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : versionAction
    }

    let read: ObjectRead

    init(_ request: S3Request) throws(S3Error) {
        read = try ObjectRead(request)
    }

    func run(in context: Context) async throws -> S3Response {
        try read.checkOverrides(by: context.caller)
        let bucket = try context.bucket(read.bucket)
        var answer: ObjectRead.Answer?
        let found = try context.store.open(
            read.key,
            version: read.version,
            in: bucket,
            customerKey: read.customerKey
        ) { object in
            let new = try read.answer(object, in: bucket, context)
            answer = new
            if !new.isNotModified { try object.requireReadable(at: context.now) }
            return new.range
        }
        guard let found, let answer else { throw read.version.missing(read.key) }
        var response = answer.response
        if !answer.isNotModified { response.body = found.content.responseBody }
        return response
    }
}
