internal import Glibc
internal import NIOCore
import Synchronization

/// A few threads that may block: on a disk, or for as long as hashing a piece of a body takes.
///
/// As a `TaskExecutor` it keeps such work off the threads that serve sockets:
/// `withTaskExecutorPreference(store.workers) { … }`.
public final class WorkerPool: TaskExecutor {
    private let queue = JobQueue()

    /// Starts the threads; they end when the pool is dropped.
    public init(threads: Int) {
        for _ in 0..<threads { queue.startThread() }
    }

    deinit { queue.close() }

    /// Runs a job of the concurrency runtime on one of the threads.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.add { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs a closure on one of the threads.
    func submit(_ job: @escaping @Sendable () -> Void) { queue.add(job) }

    /// Runs a closure on one of the threads and returns its result.
    func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            submit { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// The jobs that wait for a thread.
private final class JobQueue: Sendable {
    private struct State {
        var jobs = CircularBuffer<@Sendable () -> Void>()
        var threads = 0
    }

    private let state = Mutex(State())
    /// Counts the jobs that wait.
    private let waiting = Semaphore()

    func add(_ job: @escaping @Sendable () -> Void) {
        state.withLock { $0.jobs.append(job) }
        waiting.signal()
    }

    /// Lets the threads finish what waits, and end.
    func close() {
        let threads = state.withLock { $0.threads }
        for _ in 0..<threads { waiting.signal() }
    }

    func startThread() {
        let argument = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<JobQueue>.fromOpaque(argument).takeRetainedValue().runJobs()
                return nil
            },
            argument
        )
        guard result == 0 else {
            unsafe Unmanaged<JobQueue>.fromOpaque(argument).release()
            return
        }
        pthread_detach(thread)
        state.withLock { $0.threads += 1 }
    }

    private func runJobs() {
        while true {
            waiting.wait()
            // Woken with nothing to do: the queue is closed.
            guard let job = state.withLock({ $0.jobs.popFirst() }) else { return }
            job()
        }
    }
}
