import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

// Objects in the archives cannot be read until they are restored, and then for some days.
// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html>

extension StoredObject {
    /// Until when an archived object can be read; `nil` where it cannot, or is not archived.
    func restored(at now: Timestamp) -> Timestamp? {
        restoredUntil.flatMap { $0 > now && StorageClass.isArchive(storageClass) ? $0 : nil }
    }

    /// Fails where an object has to be restored first.
    ///
    /// - Throws: ``S3Error`` with `InvalidObjectState`.
    func requireReadable(at now: Timestamp, _ message: String? = nil) throws(S3Error) {
        guard StorageClass.isArchive(storageClass), restored(at: now) == nil else { return }
        throw S3Error(
            .invalidObjectState,
            message,
            details: [.init("StorageClass", storageClass)]
        )
    }
}

/// Whether a listing tells which objects are restored.
struct OptionalObjectAttributes: Sendable {
    private static let header = "x-amz-optional-object-attributes"
    private let showsRestoreStatus: Bool

    /// - Throws: ``S3Error`` with `InvalidArgument` for any other attribute.
    init(_ request: S3Request) throws(S3Error) {
        let names = request.headers[canonicalForm: Self.header]
        for name in names where name != "RestoreStatus" {
            throw S3Error(
                .invalidArgument,
                "Invalid attribute name specified.",
                details: [
                    .init("ArgumentName", Self.header), .init("ArgumentValue", String(name)),
                ]
            )
        }
        showsRestoreStatus = !names.isEmpty
    }

    /// Writes the status of an object that is restored.
    func write(_ object: ListedObject, at now: Timestamp, _ xml: inout XMLWriter) {
        guard showsRestoreStatus, let until = object.restoredUntil, until > now,
            StorageClass.isArchive(object.storageClass)
        else { return }
        xml.element("RestoreStatus") { xml in
            xml.element("IsRestoreInProgress", false)
            xml.element("RestoreExpiryDate", ISO8601.format(until))
        }
    }
}
