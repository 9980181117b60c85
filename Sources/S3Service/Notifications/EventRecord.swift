import ObjectStore
import Policy
import S3Protocol

/// An event as S3 tells queues, topics and functions of it.
///
/// [Event message structure](https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html)
struct EventRecord: Sendable {
    let type: EventType
    let change: ObjectChange
    let cause: EventCause
    let bucket: Bucket
    /// The bucket owner's canonical ID.
    let ownerID: String
    /// The name of the rule that asked for it.
    let ruleID: String

    /// The message, on one line.
    var text: String { JSON.object(["Records": .array([record])]).text }

    private var record: JSON {
        .object([
            "eventVersion": .string(type.formVersion),
            "eventSource": .string("aws:s3"),
            "awsRegion": .string(bucket.region),
            "eventTime": .string(ISO8601.format(change.time)),
            "eventName": .string(type.rawValue),
            "userIdentity": .object(["principalId": .string(cause.principalID)]),
            "requestParameters": .object(["sourceIPAddress": .string(cause.sourceAddress)]),
            "responseElements": .object([
                "x-amz-request-id": .string(cause.ids.request),
                "x-amz-id-2": .string(cause.ids.host),
            ]),
            "s3": .object([
                "s3SchemaVersion": .string("1.0"),
                "configurationId": .string(ruleID),
                "bucket": .object([
                    "name": .string(bucket.name),
                    "ownerIdentity": .object(["principalId": .string(Self.customer(ownerID))]),
                    "arn": .string("arn:aws:s3:::\(bucket.name)"),
                ]),
                "object": object,
            ]),
            "glacierEventData": restoreData,
            "lifecycleEventData": transitionData,
        ])
    }

    private var object: JSON {
        let object = change.object
        let hasContent = !type.isRemoval && !object.isDeleteMarker
        return .object([
            "key": .string(Self.encoded(object.key)),
            "size": hasContent ? .number(String(object.size)) : nil,
            "eTag": type.isRemoval
                ? nil : .string(object.isDeleteMarker ? Self.emptyETag : object.etag),
            "versionId": VersionParameter.show(object, in: bucket).map { .string($0) },
            "sequencer": type.isOrdered ? .string(Self.sequencer(change.order)) : nil,
        ])
    }

    private var restoreData: JSON? {
        guard type == .restored, let until = change.restoredUntil else { return nil }
        return .object([
            "restoreEventData": .object([
                "lifecycleRestorationExpiryTime": .string(ISO8601.format(until)),
                "lifecycleRestoreStorageClass": .string(change.object.storageClass),
            ])
        ])
    }

    private var transitionData: JSON? {
        guard case .moved(let storageClass) = change.kind else { return nil }
        return .object([
            "transitionEventData": .object(["destinationStorageClass": .string(storageClass)])
        ])
    }

    /// S3 tells the MD5 of nothing for a delete marker.
    private static let emptyETag = "d41d8cd98f00b204e9800998ecf8427e"

    /// A key as events spell it: encoded as in a form, with its slashes.
    static func encoded(_ key: String) -> String {
        PercentCoding.encode(key, keeping: .slashes).replacing("%20", with: "+")
    }

    /// 18 hexadecimal digits that order as text, as S3's do.
    static func sequencer(_ order: Int64) -> String {
        let digits = String(order, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 18 - digits.utf8.count)) + digits
    }

    /// The other name that accounts have at Amazon, by which events name owners.
    private static func customer(_ canonicalID: String) -> String {
        "A" + canonicalID.prefix(13).uppercased()
    }

    /// What a destination is told when it is first named.
    static func test(of bucket: Bucket, at now: Timestamp, _ ids: RequestIDs) -> String {
        JSON.object([
            "Service": .string("Amazon S3"),
            "Event": .string("s3:TestEvent"),
            "Time": .string(ISO8601.format(now)),
            "Bucket": .string(bucket.name),
            "RequestId": .string(ids.request),
            "HostId": .string(ids.host),
        ]).text
    }
}
