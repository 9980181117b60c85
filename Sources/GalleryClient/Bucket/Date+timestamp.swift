import FoundationEssentials
import S3Protocol

extension Date {
    /// A moment that S3 told; the beginning of 1970 where it told none.
    init(_ timestamp: Timestamp?) {
        self.init(timeIntervalSince1970: Double(timestamp?.milliseconds ?? 0) / 1000)
    }
}
