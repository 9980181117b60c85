internal import Glibc
internal import NIOCore
import Synchronization

/// A few threads that may block: on a disk, or for as long as hashing a piece of a body takes.
///
/// As a `TaskExecutor` it keeps such work off the threads that serve sockets:
/// `withTaskExecutorPreference(store.workers) { … }`.
public final class WorkerPool: TaskExecutor {
    private let queue: JobQueue

    /// Makes a pool that starts a thread when there is work that none of its threads is free for; they end when it is dropped.
    ///
    /// - Parameter threads: The most threads; there is one at least.
    public init(threads: Int) { queue = JobQueue(limit: max(threads, 1)) }

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
        /// How many of the threads wait for a job, counting those that were woken and have not taken one yet.
        var idle = 0
    }

    private let limit: Int
    private let state = Mutex(State())
    /// Counts the jobs that wait.
    private let waiting = Semaphore()

    init(limit: Int) { self.limit = limit }

    func add(_ job: @escaping @Sendable () -> Void) {
        let wantsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if wantsThread, !startThread() {
            let threadsLeft = state.withLock { state in
                state.threads -= 1
                return state.threads
            }
            // Where the system gives not one thread, slowly is better than never.
            guard threadsLeft > 0 else {
                state.withLock { $0.jobs.popFirst() }?()
                return
            }
        }
        waiting.signal()
    }

    /// Lets the threads finish what waits, and end.
    func close() {
        let threads = state.withLock { $0.threads }
        for _ in 0..<threads { waiting.signal() }
    }

    /// Starts a thread, and answers whether there was one to be had.
    private func startThread() -> Bool {
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
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func runJobs() {
        while true {
            state.withLock { $0.idle += 1 }
            waiting.wait()
            let job = state.withLock { state in
                state.idle -= 1
                return state.jobs.popFirst()
            }
            // Woken with nothing to do: the queue is closed.
            guard let job else { return }
            job()
        }
    }
}
