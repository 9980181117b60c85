import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Keeps a version until the hold is lifted, or lifts it.
///
/// [PutObjectLegalHold](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html)
struct PutObjectLegalHold: Operation {
    static let route = Route(.PUT, .object, query: ["legal-hold"], optional: ["versionId"])
    static let action: Action = "s3:PutObjectLegalHold"
    static let authorizesItself = true

    let bucket: String
    let object: TaggedObject

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        object = try TaggedObject(request)
        try ChecksumHeaders.requireDigest(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let document = try await context.payload.document()
        guard document.readableBytes > 0 else { throw S3Error(.malformedXML) }
        let hold = try XMLElement.parse(document.readableBytesView, root: "LegalHold")
        guard let status = hold["Status"]?.trimmed, ["ON", "OFF"].contains(status) else {
            throw S3Error(.malformedXML)
        }
        try context.authorization.require(
            Self.action,
            on: .object(bucket, key: object.key, object.version),
            told: ["s3:object-lock-legal-hold": [status]]
        )
        guard try LockConfiguration(of: bucket, context.store) != nil else {
            throw LockConfiguration.missing
        }
        let found = try object.find(in: bucket, context.store)
        try await context.store.changeLock(of: found) { lock in
            ObjectLock(retention: lock.retention, legalHold: status == "ON")
        }
        var response = S3Response()
        response.headers.addVersion(of: found, in: bucket)
        return response
    }
}
