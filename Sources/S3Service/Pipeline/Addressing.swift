import NIOHTTP1
import S3Protocol

/// What a request's host and path name.
struct Address: Sendable, Hashable {
    /// The bucket, or "" for the service itself.
    var bucket: String
    /// The key, or "" for the bucket itself.
    var key: String
    /// Whether the bucket came from the host.
    var isVirtualHost: Bool
    /// The path after the bucket, byte for byte.
    var rawPath: Substring
    /// Whether the host is a website's, and not the API's.
    var isWebsite = false
    /// Whether it is what is set for an account as a whole.
    var isOfAccount = false

    /// The service itself.
    static let service = Address(bucket: "", key: "", isVirtualHost: false, rawPath: "")

    /// What is set for an account as a whole.
    static let account = Address(
        bucket: "",
        key: "",
        isVirtualHost: false,
        rawPath: "",
        isOfAccount: true
    )
}

/// Tells requests of S3 Control, which are about an account, from those about a bucket of the name `v20180820`.
///
/// [PutPublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html)
enum AccountAddress {
    /// Whether a request has S3 Control's path and the header that no request about a bucket has.
    static func isNamed(by path: Substring, _ headers: HTTPHeaders) -> Bool {
        path == "/v20180820/configuration/publicAccessBlock"
            && headers.contains(name: "x-amz-account-id")
    }
}

/// Tells buckets from hosts and paths.
///
/// [Virtual hosting of buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html)
struct Addressing: Sendable {
    /// The names under which `BUCKET.name` is a bucket, the longest first, each with a dot before it too.
    private let bases: [(name: String, suffix: String)]
    /// Other names that this server is called by.
    private let aliases: Set<String>

    /// `s3.localhost` and `localhost` are always among the bases.
    init(domains: [String], aliases: [String] = []) {
        self.aliases = Set(aliases.map { Self.withoutPort($0).lowercased() })
        let all = Set(domains.map { $0.lowercased() } + ["s3.localhost", "localhost"])
        bases = all.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
            .map { (name: $0, suffix: "." + $0) }
    }

    /// What a host means.
    enum Meaning: Sendable, Hashable {
        /// The API, with the bucket in the path.
        case service
        /// The API of one bucket.
        case bucket(String)
        /// A bucket as a website; "" where the host names none.
        case website(String)
    }

    /// What a `Host` header means: websites first, then buckets under the longest base.
    func meaning(of host: String) -> Meaning {
        let name = Self.withoutPort(host).lowercased()
        guard let base = bases.first(where: { name == $0.name || name.hasSuffix($0.suffix) }),
            name != base.name
        else { return .service }
        let front = name.dropLast(base.suffix.utf8.count)
        return website(in: front).map { .website($0) } ?? .bucket(String(front))
    }

    /// The bucket of `BUCKET.s3-website`, `BUCKET.s3-website-REGION` or `BUCKET.s3-website.REGION`.
    ///
    /// [Website endpoints](https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints)
    private func website(in front: Substring) -> String? {
        var labels = front.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 1, let last = labels.last, Self.isRegion(last),
            labels.dropLast().last == "s3-website"
        {
            labels.removeLast()
        }
        guard let last = labels.popLast(), last == "s3-website" || last.hasPrefix("s3-website-")
        else { return nil }
        return labels.joined(separator: ".")
    }

    /// Whether a label has the shape of AWS's regions, such as `eu-west-1`.
    private static func isRegion(_ label: Substring) -> Bool {
        let parts = label.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count >= 3 && parts.last.flatMap { Int($0) } != nil
            && parts.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isLetter) }
    }

    /// What a path, byte for byte as it came, names at a host.
    ///
    /// - Throws: ``S3Error`` with `InvalidURI` where the path cannot be decoded, or names a key in no bucket.
    func address(path: Substring, host: String) throws(S3Error) -> Address {
        let address = try named(path: path, host: host)
        guard !address.bucket.isEmpty || address.key.isEmpty || address.isWebsite else {
            throw S3Error(.invalidURI)
        }
        return address
    }

    private func named(path: Substring, host: String) throws(S3Error) -> Address {
        guard path.utf8.first == UInt8(ascii: "/") else { throw S3Error(.invalidURI) }
        let rest = path.dropFirst()
        switch meaning(of: host) {
        case .service: break
        case .bucket(let bucket):
            return Address(
                bucket: bucket,
                key: try decode(rest),
                isVirtualHost: true,
                rawPath: rest
            )
        case .website(let bucket):
            return Address(
                bucket: bucket,
                key: try decode(rest),
                isVirtualHost: true,
                rawPath: rest,
                isWebsite: true
            )
        }
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/"))
        let keyPath = slash.map { rest[rest.utf8.index(after: $0)...] } ?? ""
        return Address(
            bucket: try decode(rest[..<(slash ?? rest.endIndex)]),
            key: try decode(keyPath),
            isVirtualHost: false,
            rawPath: keyPath
        )
    }

    /// Whether a host is an IP address, or one of the names that this server is known by.
    func knows(host: String) -> Bool {
        let name = Self.withoutPort(host).lowercased()
        if name.hasPrefix("["), name.hasSuffix("]") { return true }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count == 4, labels.allSatisfy({ UInt8($0) != nil }) { return true }
        return aliases.contains(name)
            || bases.contains { name == $0.name || name.hasSuffix($0.suffix) }
    }

    /// A host without `:port`; IPv6 literals keep their brackets.
    static func withoutPort(_ host: String) -> String {
        let bytes = host.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            !bytes[colon...].contains(UInt8(ascii: "]"))
        else { return host }
        return String(host[..<colon])
    }

    private func decode(_ text: Substring) throws(S3Error) -> String {
        // A raw replacement character is what is left of bytes that were not UTF-8.
        guard !text.unicodeScalars.contains("\u{FFFD}"), let decoded = PercentCoding.decode(text)
        else { throw S3Error(.invalidURI) }
        return decoded
    }
}
