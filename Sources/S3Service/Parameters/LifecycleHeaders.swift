import NIOHTTP1
import ObjectStore
import S3Protocol

// What a reply tells of the lifecycle of what it is about. It is always told in days of the calendar.

extension HTTPHeaders {
    /// Adds `x-amz-expiration` for an object that is current and that a rule lets expire.
    ///
    /// [Object expiration](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html)
    mutating func addExpiration(of object: StoredObject, in bucket: Bucket, _ store: Store) {
        guard let lifecycle = store.lifecycle(of: bucket) else { return }
        let subject = LifecycleSubject(
            .current(isVersioned: bucket.versioning != nil),
            key: object.key,
            size: object.size,
            tags: Dictionary(object.tags.map { ($0.name, $0.value) }) { first, _ in first },
            storageClass: object.storageClass,
            modified: object.modified
        )
        guard let notice = lifecycle.expiration(of: subject) else { return }
        add(
            name: "x-amz-expiration",
            value: "expiry-date=\"\(HTTPDate.format(notice.date))\", "
                + "rule-id=\"\(PercentCoding.encode(notice.ruleID))\""
        )
    }

    /// Adds `x-amz-abort-date` and the rule's name for an upload that a rule gives up.
    mutating func addAbort(of upload: Upload, in bucket: Bucket, _ store: Store) {
        let lifecycle = store.lifecycle(of: bucket)
        guard let notice = lifecycle?.abort(key: upload.key, initiated: upload.initiated) else {
            return
        }
        add(name: "x-amz-abort-date", value: HTTPDate.format(notice.date))
        // A rule's name may hold what no header can.
        let isPlain = notice.ruleID.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        add(
            name: "x-amz-abort-rule-id",
            value: isPlain ? notice.ruleID : PercentCoding.encode(notice.ruleID)
        )
    }

    /// Adds `x-amz-restore` for an archived object that can be read for now.
    mutating func addRestore(of object: StoredObject, at now: Timestamp) {
        guard let until = object.restored(at: now) else { return }
        add(
            name: "x-amz-restore",
            value: "ongoing-request=\"false\", expiry-date=\"\(HTTPDate.format(until))\""
        )
    }
}

/// Which small objects a lifecycle is not to move.
enum TransitionMinimumHeader {
    static let name = "x-amz-transition-default-minimum-object-size"

    /// - Throws: ``S3Error`` with `InvalidRequest`.
    static func read(
        _ request: S3Request
    ) throws(S3Error) -> LifecycleConfiguration.TransitionMinimum {
        guard let text = request.header(name) else { return .allClasses }
        guard let minimum = LifecycleConfiguration.TransitionMinimum(rawValue: text) else {
            throw S3Error(
                .invalidRequest,
                "Invalid TransitionDefaultMinimumObjectSize found: \(text)"
            )
        }
        return minimum
    }
}
