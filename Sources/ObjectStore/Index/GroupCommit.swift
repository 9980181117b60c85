internal import SQLite
import Synchronization

/// A commit failed: whether its changes will be there after a restart is not known.
struct CommitFailed: Error, CustomStringConvertible {
    let reason: any Error
    /// Whether its changes may all be in the log, where a restart finds them.
    private(set) var mayHaveHappened: Bool

    init(reason: any Error) {
        self.reason = reason
        mayHaveHappened = (reason as? SQLiteError)?.isUnwritten != true
    }

    /// The same, after an earlier attempt at the same changes failed: what that one wrote may still be there.
    func following(_ earlier: CommitFailed) -> CommitFailed {
        var failure = self
        failure.mayHaveHappened = mayHaveHappened || earlier.mayHaveHappened
        return failure
    }

    var description: String { "commit failed: \(reason)" }
    var isDiskFull: Bool { (reason as? SQLiteError)?.isDiskFull ?? false }
}

/// Writers that wait share one transaction, and with it one wait for the disk.
///
/// Each is a savepoint of its own, so that one can fail alone; each is answered only when the
/// transaction they share is committed.
final class GroupCommit: Sendable {
    /// The most writers that share a transaction: more would make the first wait too long.
    static let limit = 512

    private struct Waiting {
        var members: [any Member] = []
        var isDraining = false
    }

    private let connection: LockedConnection
    private let reserve: Reserve?
    private let recent: RecentReads
    private let thread: WorkerPool
    private let waiting = Mutex(Waiting())
    /// Whether the commit under way put files onto the garbage list.
    private let releasedFiles = Atomic(false)
    private let onRelease = Mutex<@Sendable () -> Void>({})

    /// - Parameters:
    ///   - connection: The only one that writes.
    ///   - reserve: What is given up where a commit that frees room finds none.
    ///   - recent: What each commit makes forgotten.
    ///   - thread: Where commits run, one at a time; a pool may be lent by many that wait for no disk.
    init(
        _ connection: LockedConnection,
        reserve: Reserve? = nil,
        forgetting recent: RecentReads = RecentReads(),
        on thread: WorkerPool = WorkerPool(threads: 1)
    ) {
        self.connection = connection
        self.reserve = reserve
        self.recent = recent
        self.thread = thread
    }

    /// Runs `body` in the next transaction and returns when that is committed.
    ///
    /// - Parameters:
    ///   - purpose: Whether it must succeed on a full disk.
    ///   - body: What to write. It may throw: then nothing of it happens, and nobody else fails. It may run
    ///     again, after nothing of it happened.
    ///   - committed: Called after the commit and before this returns, in the order of the commits.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws, or ``CommitFailed``.
    func write<T: Sendable>(
        for purpose: WritePurpose = .adding,
        _ body: @escaping @Sendable (Connection) throws -> T,
        committed: @escaping @Sendable (T) -> Void = { _ in }
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(Write(purpose, body, committed: committed, continuation: continuation))
        }
    }

    private func enqueue(_ member: any Member) {
        let isIdle = waiting.withLock { waiting in
            waiting.members.append(member)
            defer { waiting.isDraining = true }
            return !waiting.isDraining
        }
        if isIdle { thread.submit { self.drain() } }
    }

    private func drain() {
        while let group = nextGroup() { commit(group) }
    }

    private func nextGroup() -> [any Member]? {
        waiting.withLock { waiting in
            let group = Array(waiting.members.prefix(Self.limit))
            waiting.members.removeFirst(group.count)
            waiting.isDraining = !group.isEmpty
            return group.isEmpty ? nil : group
        }
    }

    private func commit(_ group: [any Member]) {
        var group = group
        var failure = attempt(group)
        if let full = failure, full.isDiskFull {
            // A log that begins anew needs no room but its own.
            restartLog()
            failure = attempt(group)?.following(full)
        }
        if let full = failure, full.isDiskFull, let reserve {
            for member in group where member.purpose == .adding { member.answer(full) }
            group.removeAll { $0.purpose == .adding }
            guard !group.isEmpty else { return }
            reserve.giveUp()
            restartLog()
            failure = attempt(group)?.following(full)
            // Before anybody else takes it; what is missing of it is taken when there is room.
            try? reserve.hold()
        }
        for member in group { member.answer(failure) }
        if releasedFiles.exchange(false, ordering: .relaxed) { onRelease.withLock { $0 }() }
    }

    /// Has a function called after each commit that put files onto the garbage list.
    func whenFilesReleased(_ action: @escaping @Sendable () -> Void) {
        onRelease.withLock { $0 = action }
    }

    /// Carries out a group in one transaction; where that fails, nothing of it happened.
    private func attempt(_ group: [any Member]) -> CommitFailed? {
        recent.commitBegins()
        defer { recent.commitEnded() }
        do {
            try connection.use { connection in
                try connection.transaction {
                    for member in group { try member.run(on: connection) }
                }
                if connection.hasMoreToDo { releasedFiles.store(true, ordering: .relaxed) }
                connection.hasMoreToDo = false
            }
            return nil
        } catch {
            return CommitFailed(reason: error)
        }
    }

    /// Folds the log into the database, so that it is written from its beginning again.
    ///
    /// Its room stays its own: given back to the disk, it might be another's when it is needed. A disk that is full
    /// may have no room for what the database grows by: the log is then as it was.
    private func restartLog() { try? connection.use { try $0.restartLog() } }
}

/// One writer of a group.
private protocol Member: Sendable {
    /// Whether it must succeed on a full disk.
    var purpose: WritePurpose { get }
    /// Does its part; throws only where that ended the whole transaction.
    func run(on connection: Connection) throws
    /// Tells the writer what became of it.
    func answer(_ failure: CommitFailed?)
}

private final class Write<T: Sendable>: Member {
    let purpose: WritePurpose
    private let body: @Sendable (Connection) throws -> T
    private let committed: @Sendable (T) -> Void
    private let continuation: CheckedContinuation<T, any Error>
    private let outcome = Mutex<Result<T, any Error>?>(nil)

    init(
        _ purpose: WritePurpose,
        _ body: @escaping @Sendable (Connection) throws -> T,
        committed: @escaping @Sendable (T) -> Void,
        continuation: CheckedContinuation<T, any Error>
    ) {
        self.purpose = purpose
        self.body = body
        self.committed = committed
        self.continuation = continuation
    }

    func run(on connection: Connection) throws {
        let result = Result { try connection.savepoint { try body(connection) } }
        outcome.withLock { $0 = result }
        // SQLite gave the whole transaction up, the changes of the others with it.
        if !connection.isInTransaction { _ = try result.get() }
    }

    func answer(_ failure: CommitFailed?) {
        switch outcome.withLock({ $0 }) {
        case let result? where failure == nil:
            if case .success(let value) = result { committed(value) }
            continuation.resume(with: result)
        default:
            continuation.resume(throwing: failure ?? CommitFailed(reason: CancellationError()))
        }
    }
}
