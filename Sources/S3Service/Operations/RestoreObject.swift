import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lets an archived object be read for some days; asked again, for so many days from then on.
///
/// There is nothing to wait for: what is archived lies on the same disk.
///
/// [RestoreObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html)
struct RestoreObject: Operation {
    static let route = Route(.POST, .object, query: ["restore"], optional: ["versionId"])
    static let action: Action = "s3:RestoreObject"

    let bucket: String
    let object: TaggedObject

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        object = try TaggedObject(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let document = try await context.payload.document()
        let found = try object.find(in: bucket, context.store)
        guard StorageClass.isArchive(found.storageClass) else {
            throw S3Error(
                .invalidObjectState,
                "Restore is not allowed for the object's current storage class",
                details: [.init("StorageClass", found.storageClass)]
            )
        }
        let asked = try Self.read(document)
        if asked.tier == .expedited, found.storageClass == "DEEP_ARCHIVE" {
            throw S3Error(
                .invalidArgument,
                "Retrieval option is not supported by this storage class"
            )
        }
        let until = LifecycleDay.calendar.moment(asked.days, after: context.now)
        let isNew = found.restored(at: context.now) == nil
        try await context.store.restore(
            found,
            until: until,
            telling: isNew
                ? try context.announcement(.restoreBegun, .restored, in: bucket) : nil
        )
        return S3Response(isNew ? .accepted : .ok)
    }

    /// How soon an object is to be there; here each is at once.
    private enum Tier: String {
        case standard = "Standard"
        case bulk = "Bulk"
        case expedited = "Expedited"
    }

    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidArgument`, or `NotImplemented` for a query.
    private static func read(_ document: ByteBuffer) throws(S3Error) -> (days: Int, tier: Tier) {
        let root = try XMLElement.parse(document.readableBytesView, root: "RestoreRequest")
        for name in ["Type", "SelectParameters", "OutputLocation"] where root[name] != nil {
            throw S3Error(
                .notImplemented,
                "Restoring by a query is not implemented.",
                details: [.init("Element", name)]
            )
        }
        let name = root["GlacierJobParameters"]?["Tier"] ?? root["Tier"]
        guard let days = root["Days"].flatMap({ Int32($0.trimmed) }),
            let tier = Tier(rawValue: name?.trimmed ?? Tier.standard.rawValue)
        else { throw S3Error(.malformedXML) }
        guard days > 0 else {
            throw S3Error(
                .invalidArgument,
                "'Days' for RestoreRequest must be a positive integer",
                details: [.init("ArgumentName", "Days"), .init("ArgumentValue", String(days))]
            )
        }
        return (Int(days), tier)
    }
}
