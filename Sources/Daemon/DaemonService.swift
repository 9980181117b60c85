import Logging
import UnixSignals

/// A daemon that serves until the process is told to stop.
public struct DaemonService: Sendable {
    private let configuration: DaemonConfiguration
    private let log: LogOutput
    private let announce: @Sendable (Daemon) -> Void
    private let announceReady: @Sendable (Daemon) -> Void

    /// Describes a daemon.
    ///
    /// - Parameters:
    ///   - configuration: what to serve, and where.
    ///   - log: where the log goes.
    ///   - announce: is told of it as soon as it accepts requests.
    ///   - announceReady: is told of it when the scripts of the init folder have run.
    public init(
        _ configuration: DaemonConfiguration,
        log: LogOutput,
        announce: @escaping @Sendable (Daemon) -> Void,
        announceReady: @escaping @Sendable (Daemon) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.log = log
        self.announce = announce
        self.announceReady = announceReady
    }

    /// Serves until SIGTERM or SIGINT; another one after that ends the process at once.
    ///
    /// - Throws: ``Refusal`` where the daemon cannot start.
    public func runUntilSignal() async throws {
        ProcessLimits.raiseOpenFiles()
        ProcessLimits.leaveNoCoreFile()
        ProcessLimits.ignoreWriteSignals()
        // One that comes before the daemon has started waits until it has.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let daemon = try await Daemon.start(configuration, log: log)
        announce(daemon)
        let scripts = Task {
            await daemon.runInitScripts()
            if !Task.isCancelled { announceReady(daemon) }
        }
        for await _ in signals { break }
        scripts.cancel()
        ProcessLimits.stopAtNextSignal()
        daemon.logger.info("Stopping; a second signal stops at once")
        await scripts.value
        await daemon.shutDown()
        await log.finish()
    }
}
