import FoundationEssentials
import NIOHTTP1
import S3Client
import S3Protocol

/// An upload in parts that somebody else carries out by signed URLs: a phone's background uploads, a browser.
public struct MultipartPlan: Sendable, Hashable, Codable {
    /// A part: the bytes of `range`, sent by PUT to `url`.
    public struct Part: Sendable, Hashable, Codable {
        /// Its number: 1 to 10,000.
        public var number: Int
        /// Where to send it.
        public var url: String
        /// Which bytes of the file.
        public var range: Range<Int64>
    }

    /// The name that the file will have.
    public var name: String
    /// S3's name for the upload.
    public var uploadID: String
    /// The parts; they may be sent in any order, side by side, and again.
    public var parts: [Part]
}

extension GalleryStorage {
    /// The largest file that an upload in parts makes: 5 TiB.
    ///
    /// [Multipart upload limits](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)
    public static let longestFile: Int64 = 5 << 40
    /// How many parts an upload has at most.
    public static let mostParts: Int64 = 10_000

    /// Begins an upload in parts that somebody else carries out.
    ///
    /// The reply to each part has its entity tag in the header `ETag`, which ``complete(_:etags:)`` needs. A plan that is
    /// neither completed nor aborted keeps its parts, which cost room.
    ///
    /// - Parameters:
    ///   - name: The name; unless the configuration overwrites, the file gets one that nobody else has.
    ///   - size: The length of the file in bytes.
    ///   - options: As of a save; policy, compression and progress do not apply.
    ///   - expires: How long the URLs are good for, in seconds.
    /// - Returns: What is to be sent where.
    /// - Throws: ``StorageError``.
    public func multipartPlan(
        named name: String,
        size: Int64,
        options: SaveOptions = SaveOptions(),
        expires: Int? = nil
    ) async throws -> MultipartPlan {
        _ = try key(name)
        guard (1...Self.longestFile).contains(size) else {
            throw StorageError(
                .refused,
                message: "A file of \(size) bytes cannot be uploaded in parts.",
                advice: "It must have 1 to \(Self.longestFile) bytes."
            )
        }
        let seconds = try lifetime(expires)
        let name =
            configuration.overwrites
            ? name : try MediaName.alternative(to: name, prefix: prefix, random: random)
        let key = try key(name)
        let headers = try saveHeaders(name, options).filter { $0.name != "Content-Encoding" }
        return try await StorageError.translating {
            try await signer.resolveCredentials()
            let upload = try await client.beginUncheckedUpload(
                bucket: bucket,
                key: key,
                headers: HTTPHeaders(headers.map { ($0.name, $0.value) })
            )
            let parts = try ranges(size).enumerated().map { index, range in
                MultipartPlan.Part(
                    number: index + 1,
                    url: try partURL(upload, number: index + 1, seconds),
                    range: range
                )
            }
            return MultipartPlan(name: name, uploadID: upload.id, parts: parts)
        }
    }

    /// Makes the file of the parts that were sent.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - etags: The entity tag of every part, in the order of the plan.
    /// - Returns: What was stored.
    /// - Throws: ``StorageError``, also where a part is missing.
    public func complete(_ plan: MultipartPlan, etags: [String]) async throws -> SavedFile {
        guard etags.count == plan.parts.count else {
            throw StorageError(
                .refused,
                message: "\(plan.parts.count) parts were planned, and \(etags.count) are told of."
            )
        }
        let upload = try upload(of: plan)
        let parts = zip(plan.parts, etags).map { part, etag in
            UploadedPart(
                number: part.number,
                etag: ETagMatch.unquoted(etag),
                size: Int64(part.range.count),
                checksum: nil
            )
        }
        let result = try await StorageError.translating {
            try await client.completeMultipartUpload(upload, parts: parts)
        }
        return SavedFile(plan.name, result)
    }

    /// Gives a plan up and frees its parts.
    ///
    /// - Throws: ``StorageError``.
    public func abort(_ plan: MultipartPlan) async throws {
        let upload = try upload(of: plan)
        try await StorageError.translating { try await client.abortMultipartUpload(upload) }
    }

    private func upload(of plan: MultipartPlan) throws(StorageError) -> MultipartUpload {
        MultipartUpload(bucket: bucket, key: try key(plan.name), id: plan.uploadID)
    }

    private func partURL(
        _ upload: MultipartUpload,
        number: Int,
        _ seconds: Int
    ) throws(S3ClientError) -> String {
        try signer.presign(
            .PUT,
            bucket: bucket,
            key: upload.key,
            query: [("partNumber", String(number)), ("uploadId", upload.id)],
            expires: seconds
        )
    }

    /// The parts of a file: of the configured size, or as long as they must be for the file to have few enough.
    private func ranges(_ size: Int64) -> [Range<Int64>] {
        let least = (size + Self.mostParts - 1) / Self.mostParts
        let length = max(
            configuration.partSize,
            least,
            BucketConfiguration.partSizes.lowerBound
        )
        return stride(from: 0, to: size, by: Int64.Stride(length)).map { start in
            start..<min(start + length, size)
        }
    }
}
