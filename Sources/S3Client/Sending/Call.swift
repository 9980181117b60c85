import NIOHTTP1
import S3Protocol

/// One operation on its way: what to ask for, before it is known where and when.
struct Call {
    /// Its name, in S3's words.
    let operation: String
    let method: HTTPMethod
    var bucket: String?
    var key: String?
    /// Names and values in the order they are sent; a name alone where the value is `nil`.
    var query: [(name: String, value: String?)] = []
    var headers: HTTPHeaders = [:]
    var body = RequestBody.empty
    /// What checks the body; `nil` where there is none to check.
    var checksum: UploadChecksum?

    /// The query as it travels, with its question mark; empty where there is none.
    var encodedQuery: String { Self.encode(query) }

    static func encode(_ query: [(name: String, value: String?)]) -> String {
        let pairs = query.map { name, value in
            guard let value else { return PercentCoding.encode(name) }
            return "\(PercentCoding.encode(name))=\(PercentCoding.encode(value))"
        }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

extension Call {
    /// Refuses what would be another request than is meant.
    ///
    /// - Throws: ``S3ClientError`` for an empty key, without which the request is about the bucket, and for header fields
    ///   that are none.
    func check() throws(S3ClientError) {
        if let key { try Self.check(key: key) }
        _ = try headers.checked()
    }

    static func check(key: String) throws(S3ClientError) {
        guard key.isEmpty else { return }
        throw S3ClientError(
            .configuration,
            message: "An object's key cannot be empty.",
            advice: "Without it the request would be about the bucket."
        )
    }
}
