import S3Protocol
import S3Service

/// Delivers access logs again and again, for as long as the daemon serves.
final class LogDeliveryTask: Sendable {
    private let task: Task<Void, Never>

    init(_ service: S3Service, everySeconds seconds: Int64) {
        task = Task {
            while true {
                do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
                await service.deliverLogs()
            }
        }
    }

    deinit { task.cancel() }

    /// Ends after the delivery that is under way.
    func stop() async {
        task.cancel()
        await task.value
    }
}
