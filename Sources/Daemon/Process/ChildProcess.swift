import Glibc
import NIOPosix
import Synchronization

/// A program that runs beside the daemon, with all it starts, until it ends.
final class ChildProcess: Sendable {
    private let identifier: pid_t
    private let hasEnded = Mutex(false)

    /// Starts a program: nothing is on its standard input, what it says goes to the daemon's standard error, and
    /// no file of the daemon's is open in it.
    ///
    /// - Parameters:
    ///   - command: the path of the program, and what it is told.
    ///   - environment: variables beside those of this process.
    /// - Throws: ``SystemError`` where it cannot be started.
    init(_ command: [String], environment: [String: String]) throws(SystemError) {
        Self.keepFiles()
        let environment = Self.ofProcess.merging(environment) { _, given in given }
        var identifier: pid_t = 0
        var result: CInt = 0
        unsafe Self.withStrings(command) { arguments in
            unsafe Self.withStrings(environment.map { "\($0)=\($1)" }) { variables in
                unsafe Self.withActions { actions, attributes in
                    result = unsafe posix_spawn(
                        &identifier,
                        command.first ?? "",
                        actions,
                        attributes,
                        arguments,
                        variables
                    )
                }
            }
        }
        guard result == 0 else { throw SystemError(number: result) }
        self.identifier = identifier
    }

    /// Waits for its end; kills it when the task is cancelled.
    ///
    /// - Returns: what it ended with; 128 and the signal's number where one ended it.
    func wait() async -> CInt {
        await withTaskCancellationHandler {
            let status = try? await NIOThreadPool.singleton.runIfActive { self.reap() }
            return status ?? -1
        } onCancel: {
            hasEnded.withLock { hasEnded in
                // Its number is nobody else's before it has been waited for.
                if !hasEnded { _ = kill(-identifier, SIGKILL) }
            }
        }
    }

    private func reap() -> CInt {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0,
            errno == EINTR
        {}
        return hasEnded.withLock { hasEnded in
            var status: CInt = 0
            while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            hasEnded = true
            let signal = status & 0x7f
            return signal == 0 ? (status >> 8) & 0xff : 128 + signal
        }
    }

    /// Lets no file that is open now go along: some libraries open theirs without saying so.
    private static func keepFiles() {
        for name in (try? FileText.names(in: "/proc/self/fd")) ?? [] {
            if let file = CInt(name), file > 2 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        }
    }

    /// Whether a file may be run as a program.
    static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    /// The variables of this process.
    private static var ofProcess: [String: String] {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let pair = unsafe String(cString: entry).split(separator: "=", maxSplits: 1)
            if let name = pair.first {
                variables[String(name)] = pair.count > 1 ? String(pair[1]) : ""
            }
            unsafe next += 1
        }
        return variables
    }

    /// Texts as C has them: pointers up to an empty one.
    private static func withStrings(
        _ texts: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Void
    ) {
        var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe body(base) }
        }
    }

    /// A group of its own to be killed by, the signals as a program expects them, and three files.
    private static func withActions(
        _ body: (
            UnsafePointer<posix_spawn_file_actions_t>, UnsafePointer<posix_spawnattr_t>
        ) -> Void
    ) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, 2, 1)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGXFSZ, SIGTERM, SIGINT] { unsafe sigaddset(&signals, signal) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe body(&actions, &attributes)
        unsafe posix_spawnattr_destroy(&attributes)
        unsafe posix_spawn_file_actions_destroy(&actions)
    }
}
