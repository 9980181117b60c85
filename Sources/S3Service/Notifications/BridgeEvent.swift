import ObjectStore
import Policy
import S3Protocol

/// An event as S3 tells EventBridge of it.
///
/// [EventBridge event message structure](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html)
struct BridgeEvent: Sendable {
    let type: EventType
    let change: ObjectChange
    let cause: EventCause
    let bucket: Bucket
    /// The bucket owner's 12 digits.
    let account: String
    /// What tells it from all others.
    let id: String

    /// The message, on one line.
    var text: String {
        JSON.object([
            "version": .string("0"),
            "id": .string(id),
            "detail-type": .string(type.detailType),
            "source": .string("aws.s3"),
            "account": .string(account),
            "time": .string(ISO8601.format(change.time.wholeSeconds).replacing(".000Z", with: "Z")),
            "region": .string(bucket.region),
            "resources": .array([.string("arn:aws:s3:::\(bucket.name)")]),
            "detail": detail,
        ]).text
    }

    private var detail: JSON {
        .object([
            "version": .string("0"),
            "bucket": .object(["name": .string(bucket.name)]),
            "object": object,
            "request-id": .string(cause.ids.request),
            "requester": .string(cause.requester),
            "source-ip-address": .string(cause.sourceAddress),
            "reason": type.hasReason ? .string(cause.reason) : nil,
            "deletion-type": type.deletionType.map { .string($0) },
            "restore-expiry-time": type == .restored
                ? change.restoredUntil.map { .string(ISO8601.format($0)) } : nil,
            "source-storage-class": type == .restored || type == .restoreBegun
                ? .string(change.object.storageClass) : nil,
            "destination-storage-class": destination.map { .string($0) },
        ])
    }

    private var object: JSON {
        let object = change.object
        let hasContent = !type.isRemoval && !object.isDeleteMarker
        // EventBridge is told the key as it is.
        return .object([
            "key": .string(object.key),
            "size": hasContent ? .number(String(object.size)) : nil,
            "etag": hasContent ? .string(object.etag) : nil,
            "version-id": VersionParameter.show(object, in: bucket).map { .string($0) },
            "sequencer": type.isOrdered ? .string(EventRecord.sequencer(change.order)) : nil,
        ])
    }

    private var destination: String? {
        guard case .moved(let storageClass) = change.kind else { return nil }
        return storageClass
    }
}

extension EventType {
    /// What EventBridge calls it.
    fileprivate var detailType: String {
        switch self {
        case .createdByPut, .createdByPost, .createdByCopy, .createdByUpload: "Object Created"
        case .removed, .hidden, .expired, .expiredBehindMarker: "Object Deleted"
        case .tagged: "Object Tags Added"
        case .untagged: "Object Tags Deleted"
        case .listed: "Object ACL Updated"
        case .restoreBegun: "Object Restore Initiated"
        case .restored: "Object Restore Completed"
        case .transitioned: "Object Storage Class Changed"
        }
    }

    fileprivate var hasReason: Bool {
        ["Object Created", "Object Deleted"].contains(detailType)
    }

    fileprivate var deletionType: String? {
        switch self {
        case .removed, .expired: "Permanently Deleted"
        case .hidden, .expiredBehindMarker: "Delete Marker Created"
        default: nil
        }
    }
}

extension ObjectChange {
    /// Until when a restored object can be read.
    var restoredUntil: Timestamp? {
        guard case .restored(let moment) = kind else { return nil }
        return moment
    }
}
