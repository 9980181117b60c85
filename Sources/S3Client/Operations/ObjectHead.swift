import Digests
public import NIOHTTP1
public import S3Protocol

/// What a reply tells of an object beside its bytes.
public struct ObjectHead: Sendable {
    /// The entity tag without quotes.
    public let etag: String
    /// The length of the whole object in bytes, also where a range of it was asked for.
    public let size: Int64
    /// Which bytes the reply carries.
    public let range: Range<Int64>
    /// When it was last written.
    public let modified: Timestamp?
    /// The media type; S3's own `binary/octet-stream` where none was given.
    public let contentType: String
    /// The user's own words, by lower-case names without `x-amz-meta-`.
    public let metadata: [String: String]
    /// The checksum, where it is one of the whole object.
    public let checksum: Checksum?
    /// The version's id, where the bucket keeps versions.
    public let versionID: String?
    /// All header fields.
    public let headers: HTTPHeaders

    init(_ response: TransportResponse) throws {
        headers = response.headers
        func first(_ name: String) -> String? { response.headers.first(name: name) }
        guard let etag = first("ETag") else { throw S3ClientError.unexpected("has no ETag") }
        self.etag = ETagMatch.unquoted(etag)
        let length = first("Content-Length").flatMap { Int64($0) }
        // Not by the status: rclone answers ranges with 200.
        let contentRange = first("Content-Range")
        if response.status == .partialContent || contentRange != nil {
            guard let (range, size) = contentRange.flatMap(Self.contentRange) else {
                throw S3ClientError.unexpected("has no Content-Range that says which bytes it has")
            }
            self.range = range
            self.size = size
        } else {
            guard let length, length >= 0 else {
                throw S3ClientError.unexpected("has no Content-Length")
            }
            size = length
            range = 0..<length
        }
        modified = first("Last-Modified").flatMap { HTTPDate.parse($0) }
        contentType = first("Content-Type") ?? "binary/octet-stream"
        checksum = Self.checksum(response.headers)
        versionID = first("x-amz-version-id")
        let pairs = response.headers.compactMap { name, value in
            let name = name.lowercased()
            return name.hasPrefix("x-amz-meta-") ? (String(name.dropFirst(11)), value) : nil
        }
        metadata = Dictionary(pairs) { "\($0),\($1)" }
    }

    /// A checksum of parts' checksums says nothing about the bytes, and a value of another width (moto has such) is none.
    static func checksum(_ headers: HTTPHeaders) -> Checksum? {
        guard headers.first(name: "x-amz-checksum-type") != ChecksumType.composite.rawValue else {
            return nil
        }
        return ChecksumAlgorithm.allCases.lazy.compactMap { algorithm in
            headers.first(name: algorithm.headerName).flatMap { value in
                Base64.decode(value)?.count == algorithm.byteCount
                    ? Checksum(algorithm, .fullObject, value) : nil
            }
        }.first
    }

    /// Reads `bytes 0-9/100`.
    private static func contentRange(_ text: String) -> (Range<Int64>, size: Int64)? {
        guard text.hasPrefix("bytes ") else { return nil }
        let numbers = text.dropFirst(6).split { $0 == "-" || $0 == "/" }.map { Int64($0) }
        guard numbers.count == 3, let first = numbers[0], let last = numbers[1],
            let size = numbers[2], first >= 0, last >= first, last < size
        else { return nil }
        return (first..<last + 1, size)
    }
}

extension S3ClientError {
    /// A reply that no S3 gives.
    static func unexpected(_ reason: String) -> S3ClientError {
        S3ClientError(
            .unexpectedResponse,
            message: "The reply \(reason).",
            advice: "Look at whether the endpoint is an S3 service."
        )
    }
}
