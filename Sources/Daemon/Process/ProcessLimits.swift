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

    /// How many files and connections the process may have open; `nil` where that cannot be told.
    static var openFiles: Int? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return nil
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many connections each listener may have, so that a flood of them leaves every request its files.
    ///
    /// A request needs up to three: its connection, what it reads and what it writes. What the store and
    /// the process have open besides is less than 128; but in memory each large body is a file that stays open, and half of
    /// the files are for those.
    ///
    /// - Parameters:
    ///   - wanted: How many a listener may have where files are plenty.
    ///   - listeners: How many listeners there are.
    ///   - openFiles: How many files the process may have open.
    ///   - isInMemory: Whether what is stored is in memory.
    /// - Returns: As many as are wanted, or fewer; never less than 8.
    static func connections(
        upTo wanted: Int,
        listeners: Int,
        openFiles: Int?,
        isInMemory: Bool = false
    ) -> Int {
        guard let openFiles else { return wanted }
        let left = (openFiles - 128) / (isInMemory ? 2 : 1)
        return min(wanted, max(8, left / (3 * max(1, listeners))))
    }

    /// Keeps a crash from leaving a core file, for it would hold every secret and everybody's objects.
    static func leaveNoCoreFile() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
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
