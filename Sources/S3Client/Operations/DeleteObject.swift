import NIOHTTP1

extension S3Client {
    /// Removes an object; one that is not there is no error.
    ///
    /// - Throws: ``S3ClientError``.
    ///
    /// [DeleteObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html)
    public func deleteObject(bucket: String, key: String) async throws {
        let call = Call(operation: "DeleteObject", method: .DELETE, bucket: bucket, key: key)
        try await send(call) { try await $0.discard() }
    }
}
