public import NIOHTTP1

extension S3Client {
    /// Begins an upload in parts whose parts others send, by signed URLs and without checksums.
    ///
    /// Where an upload names an algorithm, S3 refuses parts without a checksum, and a URL cannot know it beforehand.
    ///
    /// - Throws: ``S3ClientError``.
    ///
    /// [CreateMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html)
    public func beginUncheckedUpload(
        bucket: String,
        key: String,
        headers: HTTPHeaders = [:]
    ) async throws -> MultipartUpload {
        var call = Call(operation: "CreateMultipartUpload", method: .POST, bucket: bucket, key: key)
        call.query = [("uploads", nil)]
        call.headers = try headers.checked()
        let document = try await send(call) {
            try await $0.document("InitiateMultipartUploadResult", of: call)
        }
        guard let id = document.word("UploadId"), !id.isEmpty else {
            throw S3ClientError.unexpected("has no UploadId")
        }
        return MultipartUpload(bucket: bucket, key: key, id: id)
    }
}
