import HTTPMessage
public import NIOHTTP1
public import S3Protocol

/// What was stored.
public struct PutResult: Sendable, Hashable {
    /// The entity tag without quotes.
    public var etag: String
    /// The length in bytes.
    public var size: Int64
    /// The checksum that the service verified and keeps.
    public var checksum: Checksum?
    /// The version's id, where the bucket keeps versions.
    public var versionID: String?
}

/// What must be true of a key for a write to happen.
///
/// [Conditional writes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html)
public enum WriteCondition: Sendable, Hashable {
    /// Nothing.
    case none
    /// That there is no object: `If-None-Match: *`.
    case ifAbsent
    /// That the object has this entity tag: `If-Match`.
    case ifMatch(String)

    var headers: HTTPHeaders {
        switch self {
        case .none: [:]
        case .ifAbsent: ["If-None-Match": "*"]
        case .ifMatch(let etag): ["If-Match": "\"\(ETagMatch.unquoted(etag))\""]
        }
    }
}

extension S3Client {
    /// Stores an object by one request, of at most 5 GiB.
    ///
    /// An attempt after a connection was lost may meet its own success, so that ``WriteCondition/ifAbsent`` does not hold. An
    /// object of the same length and checksum is then taken for it.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - body: The bytes; a stream must tell its length.
    ///   - headers: `Content-Type`, `Cache-Control`, `x-amz-meta-...`, `x-amz-acl` and the like.
    ///   - condition: What must be true of the key.
    /// - Returns: What was stored.
    /// - Throws: ``S3ClientError``; ``S3ClientError/isConditionFailed`` where the condition does not hold.
    ///
    /// [PutObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html)
    public func putObject(
        bucket: String,
        key: String,
        body: RequestBody,
        headers: HTTPHeaders = [:],
        condition: WriteCondition = .none
    ) async throws -> PutResult {
        var call = Call(operation: "PutObject", method: .PUT, bucket: bucket, key: key)
        call.headers = headers
        call.headers.add(contentsOf: condition.headers)
        call.body = body
        call.checksum = checksum
        do {
            return try await send(call) { response in
                try await response.discard()
                return try PutResult(response, size: body.length ?? 0)
            }
        } catch let error as S3ClientError
            where condition == .ifAbsent && error.isConditionFailed && error.followsUnknownOutcome
        {
            guard let stored = try await stored(body, bucket, key) else { throw error }
            return stored
        }
    }

    /// What is at a key, where that is a body that can be read again.
    private func stored(
        _ body: RequestBody,
        _ bucket: String,
        _ key: String
    ) async throws -> PutResult? {
        let head: ObjectHead
        do {
            head = try await headObject(bucket: bucket, key: key)
        } catch is S3ClientError {
            return nil
        }
        guard body.isReplayable, head.size == body.length, let kept = head.checksum else {
            return nil
        }
        let checksum = RunningChecksum(kept.algorithm)
        let pieces = body.open()
        while let piece = try await pieces.next() { checksum.update(piece) }
        guard checksum.value == kept.value else { return nil }
        return PutResult(
            etag: head.etag,
            size: head.size,
            checksum: kept,
            versionID: head.versionID
        )
    }
}

extension PutResult {
    init(_ response: TransportResponse, size: Int64) throws {
        guard let etag = response.headers.first(name: "ETag") else {
            throw S3ClientError.unexpected("has no ETag")
        }
        self.etag = ETagMatch.unquoted(etag)
        self.size = size
        checksum = ObjectHead.checksum(response.headers)
        versionID = response.headers.first(name: "x-amz-version-id")
    }
}
