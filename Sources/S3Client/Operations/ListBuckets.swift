import NIOHTTP1
public import S3Protocol

/// A bucket of the account.
public struct ListedBucket: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// When it was made.
    public let created: Timestamp?
}

extension S3Client {
    /// The account's buckets.
    ///
    /// - Throws: ``S3ClientError``.
    ///
    /// [ListBuckets](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html)
    public func listBuckets() async throws -> [ListedBucket] {
        var buckets: [ListedBucket] = []
        var token: String?
        repeat {
            var call = Call(operation: "ListBuckets", method: .GET)
            if let token { call.query = [("continuation-token", token)] }
            let page = try await send(call) { [call] in
                try await $0.document("ListAllMyBucketsResult", of: call)
            }
            buckets += (page["Buckets"]?.all("Bucket") ?? []).map { bucket in
                ListedBucket(
                    name: bucket.word("Name") ?? "",
                    created: bucket.word("CreationDate").flatMap { ISO8601.parse($0) }
                )
            }
            token = page.word("ContinuationToken").flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
        return buckets
    }
}
