public import Logging

/// Writes what swift-log is told to the daemon's own log.
public struct LogBackend: LogHandler {
    /// What each line carries beside its message.
    public var metadata: Logger.Metadata = [:]
    /// The least level that is written.
    public var logLevel: Logger.Level = .info

    private let output: LogOutput

    /// Writes to an output.
    public init(_ output: LogOutput) { self.output = output }

    /// A logger that writes to an output.
    public static func logger(_ label: String, _ output: LogOutput) -> Logger {
        Logger(label: label) { _ in LogBackend(output) }
    }

    /// A value that each line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line, with its details in the order of their names.
    public func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let fields = details.sorted { $0.key < $1.key }.map {
            LogRecord.Field(name: $0.key, value: .text("\($0.value)"))
        }
        output.line(event.level.rawValue, "\(event.message)", fields)
    }
}
