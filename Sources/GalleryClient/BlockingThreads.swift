import Dispatch
import Synchronization

/// A few threads for work that waits for a disk or keeps a core busy.
///
/// Swift's own pool has a thread a core and expects none of them to wait: what blocks goes here, and never more of
/// it at once than there are threads.
package final class BlockingThreads: Sendable {
    /// One serial queue a thread: the simplest pool of a fixed size that Dispatch offers.
    private let queues: [DispatchQueue]
    private let turn = Atomic<UInt64>(0)

    /// Makes the queues; a thread stands behind one only while it works.
    package init(_ name: String, count: Int) {
        queues = (0..<max(count, 1)).map { DispatchQueue(label: "\(name)-\($0)") }
    }

    /// Runs a closure on one of the threads and returns its result.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        let queue = queues[Int(turn % UInt64(queues.count))]
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
