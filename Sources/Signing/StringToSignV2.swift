import Digests
import NIOHTTP1

/// The lines that a signature of version 2 covers.
///
/// [Signing and authenticating REST requests](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html)
struct StringToSignV2 {
    /// Which query parameters are sub-resources: clients disagree about the later ones.
    enum SubResources: CaseIterable {
        /// Those that AWS documents, and botocore signs.
        case documented
        /// Those that came after signature version 2, which some clients sign too.
        case later
    }

    var method: String
    var target: String
    var headers: HTTPHeaders
    /// The bucket that the `Host` header names.
    var bucket: String?
    /// The third line: the `Date` header, or the moment at which a presigned URL ends.
    var date: String
    /// Whether the signature stands in the query, which then speaks for headers that are absent.
    var isPresigned: Bool

    /// The same lines with a slash behind a bucket that stands alone in the path.
    ///
    /// S3 and its clients sign `/bucket/` whether or not the slash travels; `nil` for other paths.
    var withBucketSlash: StringToSignV2? {
        let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let path = target[..<end]
        guard bucket == nil, path.utf8.count > 1, !path.dropFirst().contains("/") else {
            return nil
        }
        var other = self
        other.target = path + "/" + target[end...]
        return other
    }

    /// The lines.
    func bytes(_ subResources: SubResources) -> [UInt8] {
        let request = SignableRequest(method: method, target: target, headers: headers)
        let query = QueryParameters(request.query)
        var lines = "\(method)\n"
        lines += "\(value("content-md5", query))\n\(value("content-type", query))\n\(date)\n"
        for (name, value) in amazonHeaders(query) { lines += "\(name):\(value)\n" }
        if let bucket { lines += "/\(bucket)" }
        lines += request.path
        lines += resource(query, subResources)
        return Array(lines.utf8)
    }

    private func value(_ name: String, _ query: QueryParameters) -> Substring {
        let value = headers.first(name: name) ?? (isPresigned ? query[name] : nil) ?? ""
        return value[...].trimmed
    }

    /// The `x-amz-` headers by name, those of one name joined; presigned URLs carry them in their query.
    private func amazonHeaders(_ query: QueryParameters) -> [(name: String, value: String)] {
        var values: [String: [Substring]] = [:]
        for (name, value) in headers where name.utf8.startsIgnoringCase(with: "x-amz-".utf8) {
            values[name.lowercased(), default: []].append(value[...].trimmed)
        }
        for (name, value) in isPresigned ? query.decoded(plusIsSpace: true) : []
        where name.hasPrefix("x-amz-") && values[name] == nil {
            values[name] = [(value ?? "")[...].trimmed]
        }
        return values.map { ($0.key, $0.value.joined(separator: ",")) }
            .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    /// The sub-resources and response overrides of the query, by name, their values decoded.
    private func resource(_ query: QueryParameters, _ subResources: SubResources) -> String {
        let signed = query.decoded(plusIsSpace: false).filter { name, _ in
            Self.documented.contains(name)
                || (subResources == .later && Self.later.contains(name))
        }
        let sorted = signed.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let texts = sorted.map { name, value in value.map { "\(name)=\($0)" } ?? name }
        return texts.isEmpty ? "" : "?" + texts.joined(separator: "&")
    }

    private static let documented: Set<String> = [
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory",
        "lifecycle", "location", "logging", "metrics", "notification", "object-lock", "partNumber",
        "policy", "replication", "requestPayment", "response-cache-control",
        "response-content-disposition", "response-content-encoding", "response-content-language",
        "response-content-type", "response-expires", "restore", "select", "select-type",
        "storageClass", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning",
        "versions", "website",
    ]

    private static let later: Set<String> = [
        "attributes", "encryption", "intelligent-tiering", "legal-hold", "ownershipControls",
        "policyStatus", "publicAccessBlock", "retention",
    ]
}

extension Secret {
    /// The signature of version 2: an HMAC-SHA-1 in base64.
    func signV2(_ lines: [UInt8]) -> String {
        Base64.encode(HMAC.sha1(key: Array(revealed().utf8), lines))
    }
}
