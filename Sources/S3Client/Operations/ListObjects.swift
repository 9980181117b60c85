import NIOHTTP1
public import S3Protocol

/// An object in a listing.
public struct ListedObject: Sendable, Hashable {
    /// Its key.
    public let key: String
    /// Its length in bytes.
    public let size: Int64
    /// Its entity tag without quotes.
    public let etag: String
    /// When it was last written.
    public let modified: Timestamp?
}

/// One page of a listing.
public struct ListPage: Sendable, Hashable {
    /// The objects, in the order of their keys' UTF-8 bytes.
    public let objects: [ListedObject]
    /// What the keys that the delimiter ends have in common: “folders”.
    public let prefixes: [String]
    /// Where the next page begins; `nil` after the last.
    public let next: String?
}

extension S3Client {
    /// One page of the objects in a bucket.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - prefix: What keys must begin with.
    ///   - delimiter: Where keys are cut into prefixes; empty for nowhere.
    ///   - token: ``ListPage/next`` of the page before.
    ///   - maxKeys: How many entries a page has at most: 1 to 1,000.
    /// - Returns: The page.
    /// - Throws: ``S3ClientError``.
    ///
    /// [ListObjectsV2](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html)
    public func listObjects(
        bucket: String,
        prefix: String = "",
        delimiter: String = "",
        token: String? = nil,
        maxKeys: Int = Limits.listPage
    ) async throws -> ListPage {
        var call = Call(operation: "ListObjectsV2", method: .GET, bucket: bucket)
        call.query = [("list-type", "2"), ("encoding-type", "url")]
        call.query.append(("max-keys", String(maxKeys)))
        if !prefix.isEmpty { call.query.append(("prefix", prefix)) }
        if !delimiter.isEmpty { call.query.append(("delimiter", delimiter)) }
        if let token { call.query.append(("continuation-token", token)) }
        let document = try await send(call) { try await $0.document("ListBucketResult", of: call) }
        return try ListPage(document)
    }
}

extension ListPage {
    fileprivate init(_ document: XMLElement) throws(S3ClientError) {
        let isEncoded = document.word("EncodingType") == "url"
        var objects: [ListedObject] = []
        for entry in document.all("Contents") {
            objects.append(
                ListedObject(
                    key: try entry.key("Key", isEncoded: isEncoded),
                    size: entry.word("Size").flatMap { Int64($0) } ?? 0,
                    etag: ETagMatch.unquoted(entry.word("ETag") ?? ""),
                    modified: entry.word("LastModified").flatMap { ISO8601.parse($0) }
                )
            )
        }
        var prefixes: [String] = []
        for entry in document.all("CommonPrefixes") {
            prefixes.append(try entry.key("Prefix", isEncoded: isEncoded))
        }
        let isTruncated = document.word("IsTruncated") == "true"
        let next = document.word("NextContinuationToken")
        if isTruncated, next == nil { throw .unexpected("is truncated and names no next page") }
        self.init(objects: objects, prefixes: prefixes, next: isTruncated ? next : nil)
    }
}
