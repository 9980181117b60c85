import Glibc
package import S3Protocol
import Synchronization

/// Where the lines of the log go, one at a time and each in one piece.
public final class LogOutput: Sendable {
    private let format: LogFormat
    private let time: any TimeSource
    private let write: Mutex<@Sendable (String) -> Void>
    private let whenFinished: @Sendable () async -> Void

    /// Writes lines to the process's standard error, without waiting for whoever reads it.
    public static func standardError(_ format: LogFormat) -> LogOutput {
        let time = SystemTime()
        let pipe = LogPipe(STDERR_FILENO) { lost in
            format.line(
                LogRecord(
                    time: time.now(),
                    level: "warning",
                    message: "Lines of the log were lost, for nobody read it",
                    fields: [.init(name: "lines", value: .number("\(lost)"))]
                )
            )
        }
        return LogOutput(format, time: time, finish: { await pipe.finish() }) { pipe.write($0) }
    }

    /// Hands lines to a function, never two at a time.
    package init(
        _ format: LogFormat,
        time: any TimeSource = SystemTime(),
        finish: @escaping @Sendable () async -> Void = {},
        write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        self.time = time
        whenFinished = finish
        self.write = Mutex(write)
    }

    /// Writes a line that is about now.
    func line(_ level: String, _ message: String, _ fields: [LogRecord.Field] = []) {
        self.line(
            LogRecord(time: time.now(), level: level, message: message, fields: fields)
        )
    }

    /// Waits, for a moment at most, until everything is written.
    func finish() async { await whenFinished() }

    func line(_ record: LogRecord) {
        let line = format.line(record)
        write.withLock { $0(line) }
    }
}
