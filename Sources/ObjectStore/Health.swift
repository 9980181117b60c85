internal import Glibc
internal import Logging
internal import S3Protocol
internal import SQLite
import Synchronization

/// Whether the store may be written to.
///
/// After a failed sync nobody knows what the disk holds, and asking again is no help: the kernel may
/// have dropped the pages. The store then serves reads only, until it has verified itself or is opened anew. Where
/// the index is damaged, it stays so.
final class Health: Sendable {
    /// Why a store only reads.
    enum Trouble: Sendable, Hashable {
        /// The disk failed a sync, a read or a write.
        case disk(String)
        /// The index is not what it was.
        case index(String)

        var words: String {
            switch self {
            case .disk(let words), .index(let words): words
            }
        }
    }

    private struct State {
        var trouble: Trouble?
        /// How often the disk failed.
        var failures = 0
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Throws `ServiceUnavailable` where the store only reads.
    func requireWritable() throws(S3Error) {
        if let trouble {
            throw S3Error(.serviceUnavailable, logged: "the store is read-only: \(trouble.words)")
        }
    }

    /// Why the store only reads; `nil` where it does not.
    var trouble: Trouble? { state.withLock { $0.trouble } }

    /// How often the disk has failed.
    var failures: Int { state.withLock { $0.failures } }

    /// Lets nobody write from now on.
    func turnReadOnly(because trouble: Trouble) {
        let isFirst = state.withLock { state in
            if case .disk = trouble { state.failures += 1 }
            // What a restart alone can mend is not hidden behind what may pass.
            let isFirst = state.trouble == nil
            if case .index = trouble { state.trouble = trouble }
            state.trouble = state.trouble ?? trouble
            return isFirst
        }
        if isFirst { logger.critical("The store is read-only from now on: \(trouble.words)") }
    }

    /// Lets everybody write again, unless the disk failed since it had failed so often.
    ///
    /// - Returns: Whether the store may be written to.
    func turnWritable(unlessFailedSince failures: Int) -> Bool {
        let turned = state.withLock { state -> Bool in
            guard state.failures == failures, case .disk? = state.trouble else { return false }
            state.trouble = nil
            return true
        }
        if turned { logger.notice("The store has verified itself and can be written to again") }
        return trouble == nil
    }

    /// Takes note of what failed, and answers what the caller should see of it.
    func judge(_ error: any Error) -> any Error {
        switch (error as? CommitFailed)?.reason ?? error {
        case let error as IOError where [EMFILE, ENFILE].contains(error.errno):
            logger.error("No more files may be open (ulimit -n): \(error)")
            return S3Error(.slowDown, logged: "no more files may be open: \(error)")
        case let error as IOError where error.isDiskFull:
            return full("\(error)")
        case let error as SyncFailed where error.reason.isDiskFull:
            return full("\(error)")
        case is SyncFailed:
            turnReadOnly(because: .disk("\(error)"))
            return error
        case let error as SQLiteError where error.isDiskFull:
            return full("\(error)")
        case let reason as SQLiteError where reason.isInputOutput:
            turnReadOnly(because: .disk("\(reason)"))
            return error
        case let reason as SQLiteError where reason.isCorruption:
            turnReadOnly(because: .index("\(reason)"))
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
