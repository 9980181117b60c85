import NIOCore
import NIOPosix
import ObjectStore

/// The threads that a daemon runs on.
struct DaemonThreads: Sendable {
    /// How many threads the stores of daemons that share have for what may block: as many as one store of its own has.
    private static let sharedWorkers = 16

    /// What those daemons of this process run on that share: started when the first of them is, and never ended.
    ///
    /// A daemon that starts waits for each thread that it starts, and on a busy machine that is most of its start. They are
    /// not the process's own (`.singletonMultiThreadedEventLoopGroup`): what an application under test does to those is
    /// not to reach the server that it is tested against.
    private static let shared = DaemonThreads(
        group: MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount),
        workers: WorkerPool(threads: sharedWorkers)
    )

    /// What serves sockets.
    let group: MultiThreadedEventLoopGroup
    /// What may block, where others have it too; `nil` where the store is to have its own.
    let workers: WorkerPool?

    private init(group: MultiThreadedEventLoopGroup, workers: WorkerPool?) {
        self.group = group
        self.workers = workers
    }

    /// The threads of a daemon, started now or shared.
    static func forDaemon(_ configuration: DaemonConfiguration) -> DaemonThreads {
        guard !configuration.sharesThreads else { return shared }
        let count = configuration.eventLoops ?? System.coreCount
        return DaemonThreads(
            group: MultiThreadedEventLoopGroup(numberOfThreads: count),
            workers: nil
        )
    }

    /// Ends them, unless others run on them.
    func end() async {
        if workers == nil { try? await group.shutdownGracefully() }
    }
}
