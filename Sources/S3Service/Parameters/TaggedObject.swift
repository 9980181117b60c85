import NIOHTTP1
import ObjectStore
import S3Protocol

/// The object, or the version of it, whose tags are meant.
struct TaggedObject: Sendable {
    let key: String
    let version: ObjectVersion
    private let method: HTTPMethod

    init(_ request: S3Request) throws(S3Error) {
        key = request.key
        method = request.method
        version = try VersionParameter.read(request.query["versionId"])
    }

    /// Finds it.
    ///
    /// - Parameters:
    ///   - bucket: Where it is.
    ///   - store: The store.
    ///   - meansMarker: Whether a delete marker that is the latest is refused as such, as S3 does it to tags and to new
    ///     lists, and not as if nothing were there.
    /// - Returns: The object or the version.
    /// - Throws: ``S3Error`` where there is none, or only a delete marker.
    func find(
        in bucket: Bucket,
        _ store: Store,
        meansMarker: Bool = false
    ) throws -> StoredObject {
        guard let found = try store.version(version, of: key, in: bucket) else {
            throw version.missing(key)
        }
        guard !found.isDeleteMarker else {
            throw version.unreadable(found, for: method, isMeantByLatest: meansMarker)
        }
        return found
    }
}
