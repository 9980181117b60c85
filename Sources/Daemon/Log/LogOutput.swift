import Glibc
package import S3Protocol
import Synchronization

/// Where the lines of the log go, one at a time and each in one piece.
public final class LogOutput: Sendable {
    private let format: LogFormat
    private let time: any TimeSource
    private let write: Mutex<@Sendable (String) -> Void>

    /// Writes lines to the process's standard error.
    public static func standardError(_ format: LogFormat) -> LogOutput {
        LogOutput(format) { line in
            var rest = Array(line.utf8)[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes {
                    unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
                }
                // A log that cannot be written must not stop what it tells of.
                guard count > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }

    /// Hands lines to a function, never two at a time.
    package init(
        _ format: LogFormat,
        time: any TimeSource = SystemTime(),
        write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        self.time = time
        self.write = Mutex(write)
    }

    /// Writes a line that is about now.
    func line(_ level: String, _ message: String, _ fields: [LogRecord.Field] = []) {
        self.line(
            LogRecord(time: time.now(), level: level, message: message, fields: fields)
        )
    }

    func line(_ record: LogRecord) {
        let line = format.line(record)
        write.withLock { $0(line) }
    }
}
