import NIOHTTP1
import ObjectStore
import S3Protocol

/// Deletes the object at a key, or one version of it; there being none is success too.
///
/// In a bucket that keeps versions, deleting without naming one adds a delete marker.
///
/// [DeleteObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html)
struct DeleteObject: Operation {
    static let route = Route(.DELETE, .object, optional: ["versionId"])
    static let action: Action = "s3:DeleteObject"

    static let versionAction: Action = "s3:DeleteObjectVersion"

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : versionAction
    }

    let bucket: String
    let key: String
    let version: ObjectVersion
    let conditions: DeleteConditions
    let bypass: GovernanceBypass

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        version = try VersionParameter.read(request.query["versionId"])
        conditions = try DeleteConditions(request)
        bypass = GovernanceBypass(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let (version, now) = (version, context.now)
        try bypass.requireLocks(in: bucket, context)
        try conditions.requireRight(toSee: key, in: bucket, context)
        let mayBypass = try bypass.applies(to: key, in: bucket, context)
        let deletion = Deletion(key, version: version, by: try context.writer(in: bucket)) {
            try conditions.check($0)
            if version != .latest {
                try $0?.requireUnlocked(at: now, bypassingGovernance: mayBypass)
            }
        }
        let deleted = try await context.store.delete(
            deletion,
            in: bucket,
            telling: try context.announcementOfDeletion(in: bucket)
        )
        var response = S3Response(.noContent)
        if deleted.marker != nil || (version != .latest && deleted.removed?.isDeleteMarker == true)
        {
            response.headers.add(name: "x-amz-delete-marker", value: "true")
        }
        if let marker = deleted.marker {
            response.headers.addVersion(of: marker, in: bucket)
        } else if let text = version.text, bucket.versioning != nil {
            response.headers.add(name: "x-amz-version-id", value: text)
        }
        return response
    }
}
