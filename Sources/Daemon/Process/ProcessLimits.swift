import Glibc

/// What a daemon changes about the process it is alone in.
enum ProcessLimits {
    /// Lets the process have as many files and connections open as its hard limit permits.
    static func raiseOpenFiles() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        // Refused, it stays as it was, which is enough for a small daemon.
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Lets a write to a closed connection or a full file fail instead of ending the process.
    static func ignoreWriteSignals() {
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGXFSZ, SIG_IGN)
    }

    /// Lets the next signal to stop end the process at once.
    static func stopAtNextSignal() {
        _ = signal(SIGTERM, SIG_DFL)
        _ = signal(SIGINT, SIG_DFL)
    }
}
