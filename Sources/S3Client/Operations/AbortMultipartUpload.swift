import NIOHTTP1

extension S3Client {
    /// Ends an upload without an object, and frees its parts; one that has ended already is no error.
    ///
    /// - Throws: ``S3ClientError``.
    ///
    /// [AbortMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html)
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        var call = Call(
            operation: "AbortMultipartUpload",
            method: .DELETE,
            bucket: upload.bucket,
            key: upload.key
        )
        call.query = [("uploadId", upload.id)]
        do {
            try await send(call) { try await $0.discard() }
        } catch let error as S3ClientError where error.code == "NoSuchUpload" {
            return
        }
    }
}
