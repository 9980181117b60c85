import Logging
import Synchronization

/// A log that is kept.
final class TestLog: Sendable {
    private let events = Mutex<[LogEvent]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    /// The details of the warnings that speak of something.
    func warnings(_ about: String) -> [[String: String]] {
        events.withLock { $0 }
            .filter { $0.level == .warning && "\($0.message)".contains(about) }
            .map { ($0.metadata ?? [:]).mapValues { "\($0)" } }
    }

    /// What was logged as an error.
    var errors: [String] {
        events.withLock { $0 }.filter { $0.level == .error }.map { "\($0.message)" }
    }

    private struct Handler: LogHandler {
        let log: TestLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { log.events.withLock { $0.append(event) } }
    }
}
