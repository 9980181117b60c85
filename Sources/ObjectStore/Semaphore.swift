internal import Glibc

/// A count that threads wait for, and any thread raises.
@safe final class Semaphore: Sendable {
    /// A `sem_t` may be used by any thread; it only must not move.
    private nonisolated(unsafe) let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { unsafe sem_init(semaphore, 0, 0) }

    /// Who waits, or signals, keeps it, so nobody does when this runs.
    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Raises the count by one, or lets a thread go on that waits.
    func signal() { unsafe sem_post(semaphore) }

    /// Waits until the count is above zero, and lowers it by one.
    func wait() { while unsafe sem_wait(semaphore) != 0 {} }
}
