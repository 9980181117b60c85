import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells whether a version is kept until its hold is lifted.
///
/// [GetObjectLegalHold](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html)
struct GetObjectLegalHold: Operation {
    static let route = Route(.GET, .object, query: ["legal-hold"], optional: ["versionId"])
    static let action: Action = "s3:GetObjectLegalHold"

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
        guard let legalHold = found.lock.legalHold else {
            throw S3Error(.noSuchObjectLockConfiguration)
        }
        let document = XMLWriter.document("LegalHold") { xml in
            xml.element("Status", legalHold ? "ON" : "OFF")
        }
        return S3Response(xml: document)
    }
}
