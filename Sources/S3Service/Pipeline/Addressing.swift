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
}

/// Tells buckets from hosts and paths.
///
/// [Virtual hosting of buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html)
struct Addressing: Sendable {
    /// The names under which `BUCKET.name` is a bucket, the longest first.
    private let bases: [String]
    /// Other names that this server is called by.
    private let aliases: Set<String>

    /// `s3.localhost` and `localhost` are always among the bases.
    init(domains: [String], aliases: [String] = []) {
        self.aliases = Set(aliases.map { Self.withoutPort($0).lowercased() })
        let all = Set(domains.map { $0.lowercased() } + ["s3.localhost", "localhost"])
        bases = all.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    /// The bucket that a `Host` header names, or `nil` where it names only the service.
    ///
    /// - Throws: ``S3Error`` with `NotImplemented` for a website's host.
    func bucket(host: String) throws(S3Error) -> String? {
        let name = Self.withoutPort(host).lowercased()
        guard let base = bases.first(where: { name == $0 || name.hasSuffix("." + $0) }) else {
            return nil
        }
        let labels = name.split(separator: ".")
        if labels.contains(where: { $0 == "s3-website" || $0.hasPrefix("s3-website-") }) {
            throw S3Error(.notImplemented, "Website endpoints are not served.")
        }
        return name == base ? nil : String(name.dropLast(base.count + 1))
    }

    /// What a path, byte for byte as it came, names at a host.
    ///
    /// - Throws: ``S3Error`` with `InvalidURI` where the path cannot be decoded, or names a key in no bucket.
    func address(path: Substring, host: String) throws(S3Error) -> Address {
        let address = try named(path: path, host: host)
        guard !address.bucket.isEmpty || address.key.isEmpty else { throw S3Error(.invalidURI) }
        return address
    }

    private func named(path: Substring, host: String) throws(S3Error) -> Address {
        guard path.utf8.first == UInt8(ascii: "/") else { throw S3Error(.invalidURI) }
        let rest = path.dropFirst()
        if let bucket = try bucket(host: host) {
            return Address(
                bucket: bucket,
                key: try decode(rest),
                isVirtualHost: true,
                rawPath: rest
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
            || bases.contains { name == $0 || name.hasSuffix("." + $0) }
    }

    /// A host without `:port`; IPv6 literals keep their brackets.
    static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else {
            return host
        }
        return String(host[..<colon])
    }

    private func decode(_ text: Substring) throws(S3Error) -> String {
        // A raw replacement character is what is left of bytes that were not UTF-8.
        guard !text.unicodeScalars.contains("\u{FFFD}"), let decoded = PercentCoding.decode(text)
        else { throw S3Error(.invalidURI) }
        return decoded
    }
}
