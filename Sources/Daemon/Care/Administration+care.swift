import Logging
public import ObjectStore
import S3Service
import Synchronization

extension Administration {
    /// Compares everything on disk, in the daemon where one runs.
    ///
    /// - Parameters:
    ///   - repairing: Whether to set bad files aside, and to note in the index what is bad.
    ///   - progress: Told how far it is, often.
    /// - Returns: What was found.
    /// - Throws: ``Refusal``.
    public func check(
        repairing: Bool = false,
        progress: @escaping @Sendable (WorkProgress) -> Void
    ) async throws(Refusal) -> CheckReport {
        try requireFolder()
        let findings = Mutex<[Finding]>([])
        let reply = try await perform(.check(CheckOptions(repairs: repairing)), tidiesUp: false) {
            reply in
            switch reply {
            case .progress(let step): progress(step)
            case .finding(let finding): findings.withLock { $0.append(finding) }
            default: break
            }
        }
        switch reply {
        case .check(let summary):
            return CheckReport(
                blobs: summary.blobs,
                bytes: summary.bytes,
                locked: summary.locked,
                findings: findings.withLock { $0 },
                findingCount: summary.findingCount
            )
        default: throw Self.unexpected
        }
    }

    /// Copies the store into a folder, in the daemon where one runs.
    ///
    /// - Parameters:
    ///   - path: The folder, made where it is missing; it must be empty.
    ///   - copying: Whether to copy also what could be linked.
    ///   - progress: Told how far it is, often.
    /// - Returns: What the copy holds.
    /// - Throws: ``Refusal``.
    public func backUp(
        to path: String,
        copying: Bool,
        progress: @escaping @Sendable (WorkProgress) -> Void
    ) async throws(Refusal) -> BackupReport {
        try requireFolder()
        let request = AdminRequest.backUp(
            folder: FileText.absolute(missing: path),
            copying: copying
        )
        let reply = try await perform(request, tidiesUp: false) { reply in
            if case .progress(let step) = reply { progress(step) }
        }
        switch reply {
        case .backup(let report): return report
        default: throw Self.unexpected
        }
    }

    /// Makes the index anew; no daemon may run.
    ///
    /// - Parameters:
    ///   - configuration: How the daemon is set up: its region, account and defaults of buckets.
    ///   - progress: Told how far it is, often.
    /// - Returns: What was made of what.
    /// - Throws: ``Refusal``.
    public func rebuildIndex(
        _ configuration: DaemonConfiguration,
        progress: @escaping @Sendable (WorkProgress) -> Void
    ) async throws(Refusal) -> RebuildReport {
        try requireFolder()
        if let status = try await status() {
            throw Refusal(
                "The daemon with process ID \(status.processID) runs on \(folder): stop it first."
            )
        }
        let rebuild = IndexRebuild(
            StoreConfiguration(
                folder: folder,
                rootAccountNumber: configuration.accountID,
                logger: Self.logger
            ),
            region: configuration.region,
            bucketSettings: configuration.bucketDefaults.settings
        )
        do { return try rebuild.run(progress: progress) } catch { throw Refusal(error) }
    }
}
