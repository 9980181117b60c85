public import HTTPMessage
import NIOHTTP1
public import S3Protocol

/// An object that is being read.
public struct GetResult: Sendable {
    /// What is known of it.
    public let head: ObjectHead
    /// The bytes, once; they end with an error where they are not what was stored.
    public let body: HTTPBody
}

extension S3Client {
    /// Opens an object, or a range of its bytes.
    ///
    /// Bytes are handed out as they come and checked at the end: whoever must not use wrong ones waits for it. A
    /// range has no checksum of its own, only its length is checked.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - range: Which bytes; `nil` for all.
    ///   - ifMatch: The entity tag that it must still have; `nil` for any.
    /// - Returns: The object, its bytes still to be read.
    /// - Throws: ``S3ClientError``.
    ///
    /// [GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)
    public func getObject(
        bucket: String,
        key: String,
        range: ByteRange? = nil,
        ifMatch: String? = nil
    ) async throws -> GetResult {
        let (head, body) = try await open(bucket, key, range, ifMatch: ifMatch)
        let reader = ObjectReader(body, of: head, resume: nil)
        return GetResult(
            head: head,
            body: HTTPBody(length: head.range.count) { try await reader.next() }
        )
    }

    /// Opens an object; the body is as it comes.
    func open(
        _ bucket: String,
        _ key: String,
        _ range: ByteRange?,
        ifMatch: String?
    ) async throws -> (ObjectHead, HTTPBody) {
        var call = Call(operation: "GetObject", method: .GET, bucket: bucket, key: key)
        call.headers = ["x-amz-checksum-mode": "ENABLED"]
        if let range { call.headers.add(name: "Range", value: range.header) }
        if let ifMatch {
            call.headers.add(contentsOf: WriteCondition.ifMatch(ifMatch).headers)
        }
        return try await send(call) { (try ObjectHead($0), $0.body) }
    }
}

extension ByteRange {
    /// The range as a request asks for it.
    var header: String {
        switch self {
        case .closed(let first, let last): "bytes=\(first)-\(last)"
        case .from(let first): "bytes=\(first)-"
        case .suffix(let count): "bytes=-\(count)"
        }
    }
}
