import NIOHTTP1

extension S3Client {
    /// Whether a bucket is there and may be used.
    ///
    /// - Returns: The region that the service says it is in, where it says so.
    /// - Throws: ``S3ClientError``; ``S3ClientError/isNotFound`` where there is none.
    ///
    /// [HeadBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html)
    public func headBucket(_ bucket: String) async throws -> String? {
        let call = Call(operation: "HeadBucket", method: .HEAD, bucket: bucket)
        return try await send(call) { $0.headers.first(name: "x-amz-bucket-region") }
    }
}
