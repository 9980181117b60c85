public import NIOHTTP1
import S3Protocol

/// How an object of any size is stored.
public struct UploadOptions: Sendable {
    /// Bytes from which on an object is uploaded in parts: 8 MiB, as boto3 has it.
    public static let defaultThreshold: Int64 = 8 << 20
    /// Bytes of a part: 8 MiB, as boto3 has it.
    public static let defaultPartBytes: Int64 = 8 << 20
    /// Parts that are sent at the same time: enough to fill a line while others wait for their replies.
    public static let defaultParallelParts = 3
    /// Parts of a stream that are sent at the same time: each is held in memory, and a long transfer is to take less
    /// than 64 MiB with what the allocator keeps.
    static let parallelStreamParts = 2

    /// `Content-Type`, `Cache-Control`, `x-amz-meta-...`, `x-amz-acl` and the like.
    public var headers: HTTPHeaders
    /// What must be true of the key.
    public var condition: WriteCondition
    /// Bytes from which on an object is uploaded in parts.
    public var threshold: Int64
    /// Bytes of a part; more where an object would have more than 10,000 parts, and never under 5 MiB.
    public var partBytes: Int64
    /// Parts that are sent at the same time; never more than two of a stream, which are held in memory.
    public var parallelParts: Int
    /// Told how many bytes are stored so far; never fewer than before, and at last all.
    public var progress: (@Sendable (Int64) -> Void)?

    /// Chooses.
    public init(
        headers: HTTPHeaders = [:],
        condition: WriteCondition = .none,
        threshold: Int64 = defaultThreshold,
        partBytes: Int64 = defaultPartBytes,
        parallelParts: Int = defaultParallelParts,
        progress: (@Sendable (Int64) -> Void)? = nil
    ) {
        self.headers = headers
        self.condition = condition
        self.threshold = threshold
        self.partBytes = partBytes
        self.parallelParts = parallelParts
        self.progress = progress
    }

    /// Bytes of each part of an object of this length, where it is known.
    func partBytes(for length: Int64?) throws(S3ClientError) -> Int64 {
        let wanted = min(max(partBytes, Limits.smallestPartBytes), Limits.singleUploadBytes)
        guard let length else { return wanted }
        guard length <= Limits.objectBytes else {
            throw S3ClientError(
                .configuration,
                code: "EntityTooLarge",
                message: "An object cannot have \(length) bytes.",
                advice: "S3 takes \(Limits.objectBytes) bytes at most."
            )
        }
        let parts = Int64(Limits.parts)
        return max(wanted, (length + parts - 1) / parts)
    }
}
