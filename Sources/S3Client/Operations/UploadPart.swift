import NIOHTTP1
public import S3Protocol

/// A part that was stored.
public struct UploadedPart: Sendable, Hashable {
    /// Its number: 1 to 10,000.
    public let number: Int
    /// Its entity tag without quotes.
    public let etag: String
    /// Its length in bytes.
    public let size: Int64
    /// The checksum that the service verified.
    public let checksum: Checksum?

    /// Describes a part.
    public init(number: Int, etag: String, size: Int64, checksum: Checksum?) {
        self.number = number
        self.etag = etag
        self.size = size
        self.checksum = checksum
    }
}

extension S3Client {
    /// Stores one part of an upload: of 5 MiB at least, unless it is the last.
    ///
    /// - Throws: ``S3ClientError``.
    ///
    /// [UploadPart](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html)
    public func uploadPart(
        _ upload: MultipartUpload,
        number: Int,
        body: RequestBody
    ) async throws -> UploadedPart {
        var call = Call(
            operation: "UploadPart",
            method: .PUT,
            bucket: upload.bucket,
            key: upload.key
        )
        call.query = [("partNumber", String(number)), ("uploadId", upload.id)]
        call.body = body
        call.checksum = checksum
        return try await send(call) { response in
            try await response.discard()
            let result = try PutResult(response, size: body.length ?? 0)
            return UploadedPart(
                number: number,
                etag: result.etag,
                size: result.size,
                checksum: result.checksum
            )
        }
    }
}
