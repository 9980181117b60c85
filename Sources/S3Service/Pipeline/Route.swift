import NIOHTTP1
import S3Protocol

/// What makes a request one operation and no other.
struct Route: Sendable {
    /// What a path names.
    enum Level: Sendable, Hashable {
        case service, bucket, object
        /// What is set for an account as a whole, by the API that is called S3 Control.
        case account
    }

    let method: HTTPMethod
    let level: Level
    /// Parameters that must be there.
    let query: [String]
    /// A header that must be there.
    let header: String?
    /// Sub-resources that may be there and are understood.
    let optional: [String]

    /// Requests of this method at this level that carry all of `query`, and `header` if there is one.
    init(
        _ method: HTTPMethod,
        _ level: Level,
        query: [String] = [],
        header: String? = nil,
        optional: [String] = []
    ) {
        self.method = method
        self.level = level
        self.query = query
        self.header = header
        self.optional = optional
    }

    var specificity: Int { query.count * 2 + (header == nil ? 0 : 1) }

    func matches(_ request: S3Request) -> Bool {
        query.allSatisfy { request.query[$0] != nil }
            && (header.map { request.headers.contains(name: $0) } ?? true)
    }

    /// Whether every sub-resource that the request names is one that this route understands.
    func claimsSubresources(of request: S3Request) -> Bool {
        request.query.isEmpty
            || request.query.names.allSatisfy {
                !Subresources.names.contains($0) || query.contains($0) || optional.contains($0)
            }
    }
}
