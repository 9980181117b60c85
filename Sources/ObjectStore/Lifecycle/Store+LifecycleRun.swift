internal import Logging
public import S3Protocol
internal import SQLite
import Synchronization

/// What a run of the lifecycles did.
public struct LifecycleReport: Sendable, Hashable {
    /// Current versions that went, for good or behind a delete marker.
    public var expired = 0
    /// Noncurrent versions and delete markers that were removed.
    public var removed = 0
    /// Versions that got another class.
    public var transitioned = 0
    /// Uploads in parts that were given up.
    public var aborted = 0

    /// Reports nothing.
    public init() {}

    mutating func add(_ other: LifecycleReport) {
        expired += other.expired
        removed += other.removed
        transitioned += other.transitioned
        aborted += other.aborted
    }
}

extension Store {
    /// How many versions are changed in one transaction: few, so that no write waits long behind them.
    private static let batch = 100
    /// The same for uploads, each of which may have ten thousand parts.
    private static let uploadBatch = 4

    /// Does what the lifecycles of all buckets say is due now.
    ///
    /// It ends early, between two transactions, where its task is cancelled. A bucket that fails is left for
    /// the next run, and the log says why.
    ///
    /// - Parameters:
    ///   - day: How long a day is.
    ///   - announcement: What is to be told of a bucket's changes.
    /// - Returns: What was done.
    @discardableResult
    public func runLifecycles(
        day: LifecycleDay = .calendar,
        telling announcement: @Sendable (Bucket) throws -> Announcement? = { _ in nil }
    ) async -> LifecycleReport {
        await withTaskExecutorPreference(workers) {
            var report = LifecycleReport()
            let ids = lifecycles.withLock { $0.keys.sorted() }
            let buckets = bucketsByName.withLock { Array($0.values) }
            for bucket in buckets.filter({ ids.contains($0.id) }).sorted(by: { $0.id < $1.id }) {
                do {
                    report.add(try await runLifecycle(of: bucket, day, try announcement(bucket)))
                } catch is CancellationError {
                    return report
                } catch let error as S3Error where error.code == .noSuchBucket {
                    continue
                } catch {
                    configuration.logger.error(
                        "The lifecycle of a bucket stopped: \(error)",
                        metadata: ["bucket": "\(bucket.name)"]
                    )
                }
            }
            return report
        }
    }

    private func runLifecycle(
        of bucket: Bucket,
        _ day: LifecycleDay,
        _ announcement: Announcement?
    ) async throws -> LifecycleReport {
        guard let rules = lifecycle(of: bucket) else { return LifecycleReport() }
        let now = configuration.time.now()
        var report = LifecycleReport()
        var scan = LifecycleScan(
            rules,
            isVersioned: bucket.versioning != nil,
            at: now,
            day: day
        )
        while scan.from != nil {
            try Task.checkCancellation()
            let last = scan
            scan = try index.read { connection in
                var next = last
                try next.readPage(of: bucket, connection)
                return next
            }
            for start in stride(from: 0, to: scan.due.count, by: Self.batch) {
                let some = Array(scan.due[start..<min(start + Self.batch, scan.due.count)])
                report.add(try await carryOut(some, in: bucket, at: now, day, announcement))
            }
            await Task.yield()
        }
        report.aborted = try await abortUploads(of: bucket, rules, at: now, day)
        return report
    }

    /// Does what is due for some versions, each judged anew as it is at that moment.
    private func carryOut(
        _ versions: [LifecycleScan.Due],
        in bucket: Bucket,
        at now: Timestamp,
        _ day: LifecycleDay,
        _ announcement: Announcement?
    ) async throws -> LifecycleReport {
        try Task.checkCancellation()
        return try await index.writeMakingRoom { connection, mayAdd in
            let announcement = mayAdd ? announcement : nil
            let bucket = try connection.require(bucket)
            var report = LifecycleReport()
            guard let rules = self.lifecycle(of: bucket) else { return report }
            for version in versions {
                guard let found = try connection.lifecycleSubject(version, in: bucket),
                    let action = rules.action(for: found.subject, at: now, day: day),
                    !action.isForbidden(by: found.object.lock, found.subject, at: now)
                else { continue }
                func tell(_ kind: ObjectChange.Kind) throws {
                    try self.mailbox.announce(
                        kind,
                        of: found.object,
                        by: announcement,
                        at: now,
                        on: connection
                    )
                }
                switch action {
                case .expire:
                    let deletion = Deletion(found.object.key, by: bucket.ownerID)
                    guard
                        try mayAdd
                            ? self.expire(deletion, bucket, now, announcement, connection)
                            : self.expireOnFullDisk(deletion, bucket, now, connection)
                    else { continue }
                    report.expired += 1
                case .remove:
                    try connection.remove(found.object, at: now)
                    try tell(.removed)
                    report.removed += 1
                case .transition(let storageClass):
                    guard mayAdd else { continue }
                    try connection.move(found.object, to: storageClass)
                    try tell(.moved(to: storageClass))
                    report.transitioned += 1
                }
            }
            return report
        } committed: { _ in
            if announcement != nil { self.mailbox.ring() }
        }
    }

    private func expire(
        _ deletion: Deletion,
        _ bucket: Bucket,
        _ now: Timestamp,
        _ announcement: Announcement?,
        _ connection: Connection
    ) throws -> Bool {
        _ = try delete(deletion, in: bucket, at: now, announcement, on: connection)
        return true
    }

    /// Expires what makes room by that; what does not is due again in the next run.
    private func expireOnFullDisk(
        _ deletion: Deletion,
        _ bucket: Bucket,
        _ now: Timestamp,
        _ connection: Connection
    ) throws -> Bool {
        do {
            _ = try deleteOnFullDisk(deletion, in: bucket, at: now, nil, on: connection)
            return true
        } catch let error as S3Error where error.code == .serviceUnavailable {
            return false
        }
    }

    private func abortUploads(
        of bucket: Bucket,
        _ rules: LifecycleConfiguration,
        at now: Timestamp,
        _ day: LifecycleDay
    ) async throws -> Int {
        guard rules.rules.contains(where: { $0.abortDays != nil }) else { return 0 }
        var aborted = 0
        var query = UploadQuery()
        while true {
            try Task.checkCancellation()
            let page = try uploads(query, in: bucket)
            let uploads = page.entries.compactMap { entry in
                if case .upload(let upload) = entry { upload } else { nil }
            }
            let due = uploads.filter { upload in
                let notice = rules.abort(key: upload.key, initiated: upload.initiated, day: day)
                return notice.map { $0.date <= now } ?? false
            }
            for start in stride(from: 0, to: due.count, by: Self.uploadBatch) {
                let some = Array(due[start..<min(start + Self.uploadBatch, due.count)])
                aborted += try await abort(some, at: now)
            }
            guard page.isTruncated, let last = uploads.last else { return aborted }
            query.start = .afterUpload(key: last.key, id: last.id)
        }
    }

    /// Ends the uploads that are still under way, and answers how many those were.
    private func abort(_ uploads: [Upload], at now: Timestamp) async throws -> Int {
        try Task.checkCancellation()
        return try await index.write(for: .freeing) { connection in
            var aborted = 0
            for upload in uploads {
                guard
                    let found = try connection.upload(
                        upload.id,
                        key: upload.key,
                        in: upload.bucketID
                    ), found.result == nil
                else { continue }
                try connection.remove(upload, at: now)
                aborted += 1
            }
            return aborted
        }
    }
}
