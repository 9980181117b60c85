import HTTPMessage
public import S3Protocol

extension S3Client {
    /// Opens an object, or a range of its bytes, and goes on by itself where the connection is cut.
    ///
    /// The rest is asked for by `Range` and `If-Match`, so that the bytes are of one object: where it was replaced
    /// meanwhile, the body ends with an error. The checksum is over all of them.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - range: Which bytes; `nil` for all.
    ///   - ifMatch: The entity tag that it must still have; `nil` for any.
    /// - Returns: The object, its bytes still to be read.
    /// - Throws: ``S3ClientError``.
    public func download(
        bucket: String,
        key: String,
        range: ByteRange? = nil,
        ifMatch: String? = nil
    ) async throws -> GetResult {
        let (head, body) = try await open(bucket, key, range, ifMatch: ifMatch)
        let reader = ObjectReader(body, of: head) { position in
            let rest = ByteRange.closed(position, head.range.upperBound - 1)
            let (again, body) = try await open(bucket, key, rest, ifMatch: head.etag)
            guard again.etag == head.etag, again.range == position..<head.range.upperBound else {
                throw S3ClientError.unexpected("is not the range that was asked for")
            }
            return body
        }
        return GetResult(
            head: head,
            body: HTTPBody(length: head.range.count) { try await reader.next() }
        )
    }
}
