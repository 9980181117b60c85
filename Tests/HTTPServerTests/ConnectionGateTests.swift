import Logging
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct ConnectionGateTests {
    /// How often something was logged.
    private final class Count: Sendable {
        private let count = Atomic(0)

        var value: Int { count.load(ordering: .relaxed) }
        var logger: Logger { Logger(label: "test") { _ in Handler(count: self) } }

        private struct Handler: LogHandler {
            let count: Count
            var metadata: Logger.Metadata = [:]
            var logLevel: Logger.Level = .info

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) { count.count.add(1, ordering: .relaxed) }
        }
    }

    @Test func `each flood is told of once`() {
        let told = Count()
        let gate = ConnectionGate(limit: 4, logger: told.logger)
        for _ in 0..<4 { gate.enter() }
        #expect(gate.isFull && told.value == 1)
        for _ in 0..<100 {
            gate.leave()
            gate.enter()
        }
        #expect(told.value == 1)
        for _ in 0..<2 { gate.leave() }
        for _ in 0..<2 { gate.enter() }
        #expect(told.value == 2)
    }
}
