import NIOHTTP1

extension S3Client {
    /// What is known of an object.
    ///
    /// - Throws: ``S3ClientError``; ``S3ClientError/isNotFound`` where there is none.
    ///
    /// [HeadObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)
    public func headObject(bucket: String, key: String) async throws -> ObjectHead {
        var call = Call(operation: "HeadObject", method: .HEAD, bucket: bucket, key: key)
        call.headers = ["x-amz-checksum-mode": "ENABLED"]
        return try await send(call) { try ObjectHead($0) }
    }
}
