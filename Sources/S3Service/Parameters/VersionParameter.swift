import NIOHTTP1
import ObjectStore
import S3Protocol

/// The `versionId` of a request, and how versions are shown.
///
/// [Working with object versions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/VersioningObjects.html)
enum VersionParameter {
    private static let null = "null"

    /// Reads a version; none is the latest.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` where it is empty or could not be an identifier.
    static func read(_ text: String?) throws(S3Error) -> ObjectVersion {
        switch text {
        case nil: return .latest
        case null: return .null
        case let text?:
            if let id = VersionID(text) { return .id(id) }
            throw S3Error(
                .invalidArgument,
                text.isEmpty
                    ? "Version id cannot be the empty string" : "Invalid version id specified",
                details: [.init("ArgumentName", "versionId"), .init("ArgumentValue", text)]
            )
        }
    }

    /// A version's identifier as clients see it; `nil` in a bucket that never kept versions.
    static func show(_ object: StoredObject, in bucket: Bucket) -> String? {
        bucket.versioning == nil ? nil : object.versionID ?? null
    }

    /// A version's identifier as listings show it, also in a bucket that never kept versions.
    static func show(_ versionID: String?) -> String { versionID ?? null }
}

extension ObjectVersion {
    /// The identifier as the client spelled it; `nil` for the latest.
    var text: String? {
        switch self {
        case .latest: nil
        case .null: "null"
        case .id(let id): id.text
        }
    }

    /// The error for a version that is not there.
    func missing(_ key: String) -> S3Error {
        guard let text else { return S3Error(.noSuchKey, details: [.init("Key", key)]) }
        return S3Error(.noSuchVersion, details: [.init("Key", key), .init("VersionId", text)])
    }

    /// The error for reading what only says that the object was deleted.
    ///
    /// The latest being one is as if there were no object; naming one is asking the wrong thing of it.
    ///
    /// - Parameters:
    ///   - marker: The marker.
    ///   - method: What was asked of it.
    ///   - isMeantByLatest: Whether a request that names no version is taken to mean the marker.
    /// - Returns: The error.
    func unreadable(
        _ marker: StoredObject,
        for method: HTTPMethod,
        isMeantByLatest: Bool = false
    ) -> S3Error {
        let isMeant = isMeantByLatest || self != .latest
        var error =
            isMeant
            ? S3Error(
                .methodNotAllowed,
                details: [.init("Method", method.rawValue), .init("ResourceType", "DeleteMarker")]
            ) : missing(marker.key)
        error.headers = [
            .init("x-amz-delete-marker", "true"),
            .init("x-amz-version-id", VersionParameter.show(marker.versionID)),
        ]
        if isMeant {
            error.headers.append(.init("Allow", "DELETE"))
            error.headers.append(.init("Last-Modified", HTTPDate.format(marker.modified)))
        }
        return error
    }
}

extension HTTPHeaders {
    /// Adds `x-amz-version-id` to the answer of a read, where the bucket keeps or kept versions.
    mutating func addVersion(of object: StoredObject, in bucket: Bucket) {
        if let version = VersionParameter.show(object, in: bucket) {
            add(name: "x-amz-version-id", value: version)
        }
    }

    /// Adds the `x-amz-version-id` of what was just written: where versions are suspended, S3 tells that it is
    /// `null` to readers only.
    mutating func addNewVersion(of object: StoredObject, in bucket: Bucket) {
        guard object.versionID != nil else { return }
        addVersion(of: object, in: bucket)
    }
}
