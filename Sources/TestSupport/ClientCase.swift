public import S3Client

/// Something that every S3 server must do for the client, whichever way the two are connected.
public struct ClientCase: Sendable, CustomStringConvertible {
    /// What it shows, in a sentence.
    public let description: String
    private let body: @Sendable (S3Client, String) async throws -> Void

    init(
        _ description: String,
        _ body: @escaping @Sendable (_ client: S3Client, _ bucket: String) async throws -> Void
    ) {
        self.description = description
        self.body = body
    }

    /// Shows it with a client, in an empty bucket of its own.
    ///
    /// - Throws: ``CaseFailure`` where it is not so, or what the client throws.
    public func run(_ client: S3Client, bucket: String) async throws {
        try await body(client, bucket)
    }

    /// Makes a bucket, shows it there, and removes what it left.
    public func runInItsOwnBucket(_ client: S3Client, bucket: String) async throws {
        try await client.createBucket(bucket)
        try await run(client, bucket: bucket)
        var token: String?
        repeat {
            let page = try await client.listObjects(bucket: bucket, token: token)
            _ = try await client.deleteObjects(bucket: bucket, keys: page.objects.map(\.key))
            token = page.next
        } while token != nil
    }
}

/// What a case found that is not as it must be.
public struct CaseFailure: Error, CustomStringConvertible {
    /// What it is.
    public let description: String
}

/// Ends a case where something is not as it must be.
func require(_ holds: Bool, _ message: @autoclosure () -> String) throws(CaseFailure) {
    if !holds { throw CaseFailure(description: message()) }
}

/// Ends a case where two values differ.
func require<Value: Equatable>(
    _ found: Value,
    is expected: Value,
    _ name: String
) throws(CaseFailure) {
    try require(found == expected, "\(name) is \(found), not \(expected)")
}

/// Ends a case where what must be refused is not, or with another error.
func requireRefusal(
    _ code: String,
    _ act: () async throws -> Void
) async throws {
    do {
        try await act()
    } catch let error as S3ClientError where error.code == code {
        return
    }
    throw CaseFailure(description: "it was not refused with \(code)")
}
