public import NIOHTTP1
public import S3Protocol

/// What a copy made.
public struct CopyResult: Sendable, Hashable {
    /// The entity tag without quotes.
    public let etag: String
    /// When it was written.
    public let modified: Timestamp?
}

extension S3Client {
    /// Copies an object of at most 5 GiB within the service, with what is known of it.
    ///
    /// - Parameters:
    ///   - bucket: The bucket to copy to.
    ///   - key: The key to copy to.
    ///   - sourceBucket: The bucket to copy from.
    ///   - sourceKey: The key to copy from.
    ///   - headers: More, such as `x-amz-metadata-directive` and what replaces the old metadata then.
    ///   - condition: What must be true of the key that is copied to.
    /// - Returns: What was made.
    /// - Throws: ``S3ClientError``, also where the service failed after it had begun to answer.
    ///
    /// [CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)
    public func copyObject(
        bucket: String,
        key: String,
        from sourceBucket: String,
        _ sourceKey: String,
        headers: HTTPHeaders = [:],
        condition: WriteCondition = .none
    ) async throws -> CopyResult {
        var call = Call(operation: "CopyObject", method: .PUT, bucket: bucket, key: key)
        call.headers = headers
        call.headers.add(contentsOf: condition.headers)
        let source = PercentCoding.encode("\(sourceBucket)/\(sourceKey)", keeping: .slashes)
        call.headers.replaceOrAdd(name: "x-amz-copy-source", value: source)
        let document = try await send(call) { try await $0.document("CopyObjectResult", of: call) }
        guard let etag = document.word("ETag") else {
            throw S3ClientError.unexpected("has no ETag")
        }
        return CopyResult(
            etag: ETagMatch.unquoted(etag),
            modified: document.word("LastModified").flatMap { ISO8601.parse($0) }
        )
    }
}
