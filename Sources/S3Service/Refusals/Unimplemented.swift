import NIOHTTP1
import S3Protocol

/// What S3 has and Pail has not: the one source of `501 NotImplemented`.
enum Unimplemented {
    /// An operation of the public S3 model, told by its method, level and sub-resource.
    struct Row: Sendable {
        let name: String
        let method: HTTPMethod
        let level: Route.Level
        let subresource: String

        init(
            _ name: String,
            _ method: HTTPMethod,
            _ level: Route.Level,
            _ subresource: String
        ) {
            self.name = name
            self.method = method
            self.level = level
            self.subresource = subresource
        }
    }

    /// Operations that no sub-resource tells: by a host or a header of their own.
    static let others = ["ListDirectoryBuckets", "WriteGetObjectResponse"]

    /// Headers that would change what a write means, and so are refused and never ignored.
    static let headers = [
        "x-amz-write-offset-bytes", "x-amz-rename-source", "x-amz-website-redirect-location",
        "x-amz-object-annotation-directive",
        // AWS knows these two for directory buckets alone.
        "x-amz-if-match-last-modified-time", "x-amz-if-match-size",
    ]

    /// Beginnings of such headers.
    static let headerPrefixes = [
        "x-amz-object-lock-event-hold"
    ]

    /// Refuses a request that carries one of those headers.
    static func refuseHeaders(of request: S3Request) throws(S3Error) {
        guard !request.headers.contains(name: "x-amz-request-route") else {
            throw refusal(named: "WriteGetObjectResponse")
        }
        for (name, value) in request.headers where name.utf8.count >= 13 && !value.isEmpty {
            let name = name.lowercased()
            let isRefused =
                headers.contains(name) || headerPrefixes.contains { name.hasPrefix($0) }
            if isRefused {
                throw S3Error(.notImplemented, details: [.init("Header", name)])
            }
        }
    }

    /// What a request that no operation claims is told.
    static func refusal(of request: S3Request) -> S3Error {
        let row = rows.first {
            $0.method == request.method && $0.level == request.level
                && request.query[$0.subresource] != nil
        }
        if let row { return refusal(named: row.name) }
        if let name = request.query.names.first(where: Subresources.names.contains) {
            return S3Error(
                .methodNotAllowed,
                details: [
                    .init("Method", request.method.rawValue),
                    .init("ResourceType", name.uppercased()),
                ]
            )
        }
        return S3Error(
            .methodNotAllowed,
            details: [
                .init("Method", request.method.rawValue),
                .init("ResourceType", request.level == .object ? "OBJECT" : "BUCKET"),
            ]
        )
    }

    private static func refusal(named name: String) -> S3Error {
        S3Error(
            .notImplemented,
            "\(name) is not implemented.",
            details: [.init("Operation", name)]
        )
    }
}
