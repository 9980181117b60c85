internal import SQLite
import Synchronization

/// A commit failed: whether its changes will be there after a restart is not known.
struct CommitFailed: Error, CustomStringConvertible {
    let reason: any Error

    var description: String { "commit failed: \(reason)" }
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
    private let thread = WorkerPool(threads: 1)
    private let waiting = Mutex(Waiting())

    init(_ connection: LockedConnection) { self.connection = connection }

    /// Runs `body` in the next transaction and returns when that is committed.
    ///
    /// - Parameters:
    ///   - body: What to write. It may throw: then nothing of it happens, and nobody else fails.
    ///   - committed: Called after the commit and before this returns, in the order of the commits.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws, or ``CommitFailed``.
    func write<T: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> T,
        committed: @escaping @Sendable (T) -> Void = { _ in }
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(Write(body, committed: committed, continuation: continuation))
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
        var failure: CommitFailed?
        do {
            try connection.use { connection in
                try connection.transaction {
                    for member in group { try member.run(on: connection) }
                }
            }
        } catch {
            failure = CommitFailed(reason: error)
        }
        for member in group { member.answer(failure) }
    }
}

/// One writer of a group.
private protocol Member: Sendable {
    /// Does its part; throws only where that ended the whole transaction.
    func run(on connection: Connection) throws
    /// Tells the writer what became of it.
    func answer(_ failure: CommitFailed?)
}

private final class Write<T: Sendable>: Member {
    private let body: @Sendable (Connection) throws -> T
    private let committed: @Sendable (T) -> Void
    private let continuation: CheckedContinuation<T, any Error>
    private let outcome = Mutex<Result<T, any Error>?>(nil)

    init(
        _ body: @escaping @Sendable (Connection) throws -> T,
        committed: @escaping @Sendable (T) -> Void,
        continuation: CheckedContinuation<T, any Error>
    ) {
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
