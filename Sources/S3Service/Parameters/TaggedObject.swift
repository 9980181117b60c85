import ObjectStore
import S3Protocol

/// The object, or the version of it, whose tags are meant.
struct TaggedObject: Sendable {
    let key: String
    let version: ObjectVersion

    init(_ request: S3Request) throws(S3Error) {
        key = request.key
        version = try VersionParameter.read(request.query["versionId"])
    }

    /// Finds it.
    ///
    /// - Throws: ``S3Error`` where there is none, or only a delete marker.
    func find(in bucket: Bucket, _ store: Store) throws -> StoredObject {
        guard let found = try store.version(version, of: key, in: bucket) else {
            throw version.missing(key)
        }
        guard !found.isDeleteMarker else { throw version.unreadable(found) }
        return found
    }
}
