import S3Client

extension StorageError {
    /// What a failure of S3 is to an application.
    init(_ error: S3ClientError) {
        self.init(
            Self.kind(of: error),
            code: error.code,
            message: error.message,
            advice: error.advice,
            requestID: error.requestID
        )
    }

    /// Runs something that speaks to S3; what is not S3's, such as a cancellation, passes.
    static func translating<Value>(
        _ body: () async throws -> sending Value
    ) async throws -> sending Value {
        do {
            return try await body()
        } catch let error as S3ClientError {
            throw StorageError(error)
        }
    }

    private static let accessCodes: Set = [
        "AccessDenied", "AllAccessDisabled", "AccountProblem", "InvalidAccessKeyId",
        "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired",
        "RequestTimeTooSkewed", "Forbidden",
    ]

    private static func kind(of error: S3ClientError) -> Kind {
        switch error.kind {
        case .connection: .unavailable
        case .credentials: .accessDenied
        case .configuration: .configuration
        case .corrupted: .corrupted
        case .file: .notFound
        case .unexpectedResponse: .refused
        case .service: kind(ofService: error)
        }
    }

    private static func kind(ofService error: S3ClientError) -> Kind {
        switch error.code {
        case "NoSuchBucket": return .noStorage
        case "KeyTooLongError": return .invalidName
        case "BadDigest", "XAmzContentSHA256Mismatch", "InvalidDigest": return .corrupted
        case _ where accessCodes.contains(error.code): return .accessDenied
        default: break
        }
        if error.isConditionFailed { return .alreadyExists }
        switch error.status {
        case 401, 403: return .accessDenied
        case 404: return .notFound
        case 501: return .unsupported
        case 429, 500...: return .unavailable
        default: return .refused
        }
    }
}
