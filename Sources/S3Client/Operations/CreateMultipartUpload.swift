public import NIOHTTP1
import S3Protocol

/// An upload in parts that was begun.
public struct MultipartUpload: Sendable, Hashable {
    /// The bucket.
    public let bucket: String
    /// The key that the object will have.
    public let key: String
    /// The upload's id.
    public let id: String

    /// Names an upload.
    public init(bucket: String, key: String, id: String) {
        self.bucket = bucket
        self.key = key
        self.id = id
    }
}

extension S3Client {
    /// Begins an upload in parts, whose checksum will be one of the whole object.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - headers: `Content-Type`, `Cache-Control`, `x-amz-meta-...`, `x-amz-acl` and the like.
    /// - Returns: The upload, to be completed or aborted.
    /// - Throws: ``S3ClientError``.
    ///
    /// [CreateMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html)
    public func createMultipartUpload(
        bucket: String,
        key: String,
        headers: HTTPHeaders = [:]
    ) async throws -> MultipartUpload {
        var call = Call(operation: "CreateMultipartUpload", method: .POST, bucket: bucket, key: key)
        call.query = [("uploads", nil)]
        call.headers = headers
        call.headers.add(name: "x-amz-checksum-algorithm", value: checksum.algorithm.rawValue)
        call.headers.add(name: "x-amz-checksum-type", value: ChecksumType.fullObject.rawValue)
        let document = try await send(call) {
            try await $0.document("InitiateMultipartUploadResult", of: call)
        }
        guard let id = document.word("UploadId"), !id.isEmpty else {
            throw S3ClientError.unexpected("has no UploadId")
        }
        return MultipartUpload(bucket: bucket, key: key, id: id)
    }
}
