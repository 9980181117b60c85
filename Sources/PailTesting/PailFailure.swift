import Daemon
import S3Protocol

/// Why a server or a tenant does not do what a test asks of it.
public struct PailFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public let description: String

    /// Runs `body`, and says what it throws in a sentence.
    static func translating<Result>(
        _ body: () async throws -> Result
    ) async throws(PailFailure) -> Result {
        do { return try await body() } catch { throw PailFailure(error) }
    }

    init(description: String) { self.description = description }

    init(_ error: any Error) {
        switch error {
        case let failure as PailFailure: self = failure
        case let error as S3Error: description = "\(error.code.name): \(error.message)"
        default: description = "\(error)"
        }
    }
}
