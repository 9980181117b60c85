internal import Logging
internal import S3Protocol
internal import SQLite
import Synchronization

/// Whether the store may be written to.
///
/// After a failed sync nobody knows what the disk holds, and asking again is no help: the kernel may
/// have dropped the pages. The store then serves reads only, until it is opened anew.
final class Health: Sendable {
    private let reason = Mutex<String?>(nil)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Throws `ServiceUnavailable` where the store only reads.
    func requireWritable() throws(S3Error) {
        if let reason = reason.withLock({ $0 }) {
            throw S3Error(.serviceUnavailable, logged: "the store is read-only: \(reason)")
        }
    }

    /// Lets nobody write from now on.
    func turnReadOnly(because why: String) {
        let isFirst = reason.withLock { reason in
            defer { reason = reason ?? why }
            return reason == nil
        }
        if isFirst { logger.critical("The store is read-only from now on: \(why)") }
    }

    /// Takes note of what failed, and answers what the caller should see of it.
    func judge(_ error: any Error) -> any Error {
        switch (error as? CommitFailed)?.reason ?? error {
        case let error as IOError where error.isDiskFull:
            return full("\(error)")
        case let error as SyncFailed where error.reason.isDiskFull:
            return full("\(error)")
        case is SyncFailed:
            turnReadOnly(because: "\(error)")
            return error
        case let error as SQLiteError where error.isDiskFull:
            return full("\(error)")
        case let reason as SQLiteError where reason.isInputOutput || reason.isCorruption:
            turnReadOnly(because: "\(reason)")
            return error
        default:
            return error
        }
    }

    private func full(_ detail: String) -> S3Error {
        logger.error("The disk is full: \(detail)")
        return S3Error(.serviceUnavailable, logged: "the disk is full: \(detail)")
    }
}
