import S3Protocol

/// Where a bucket's requests go.
///
/// Without a URL it is Amazon's own for the region, resolved as AWS's SDKs resolve it. Transfer acceleration,
/// dual-stack, FIPS and S3 Express endpoints are not offered: give their URL, where one fits.
///
/// [Amazon S3 endpoints](https://docs.aws.amazon.com/general/latest/gr/s3.html)
public struct S3Endpoint: Sendable, Hashable {
    /// Where a bucket's name stands.
    public enum Addressing: String, Sendable, Hashable, CaseIterable {
        /// In the host on Amazon's own endpoints, in the path elsewhere.
        case auto
        /// In the host, wherever it can be.
        case virtual
        /// In the path.
        case path
    }

    /// The region that requests are signed for, such as `us-east-2`.
    public let region: String
    /// Where a bucket's name stands.
    public let addressing: Addressing
    let base: EndpointURL?

    /// The region that AWS's SDKs fall back to for S3.
    public static let defaultRegion = "us-east-1"

    /// Names an endpoint.
    ///
    /// - Parameters:
    ///   - region: The region; an empty one is ``defaultRegion``.
    ///   - url: Another server than Amazon's: `http://127.0.0.1:9000`, with a path where it has one.
    ///   - addressing: Where a bucket's name stands.
    /// - Throws: ``S3ClientError`` of the kind ``S3ClientError/Kind/configuration`` for what is no region or no URL.
    public init(
        region: String = defaultRegion,
        url: String? = nil,
        addressing: Addressing = .auto
    ) throws(S3ClientError) {
        let region = region.isEmpty ? Self.defaultRegion : region
        guard Self.isRegion(region) else {
            throw S3ClientError(
                .configuration,
                message: "“\(region)” is no region.",
                advice: "Regions are spelled like us-east-1."
            )
        }
        self.region = region
        self.addressing = addressing
        base = if let url { try EndpointURL(url) } else { nil }
    }

    /// Whether requests go to Amazon's own hosts.
    public var isAmazon: Bool { base == nil }

    /// Whether requests go through TLS.
    public var isSecure: Bool { base?.isSecure ?? true }

    /// Where a bucket's requests go.
    ///
    /// - Parameters:
    ///   - bucket: The bucket; `nil` for requests to the service itself.
    ///   - region: The bucket's region, where it is known to be another.
    /// - Returns: The server, and how its paths begin.
    /// - Throws: ``S3ClientError`` for a name that no bucket has: nothing of it may become a host or a path.
    public func resolve(
        bucket: String?,
        region: String? = nil
    ) throws(S3ClientError) -> ResolvedEndpoint {
        let region = region.flatMap { Self.isRegion($0) ? $0 : nil } ?? self.region
        let base = base ?? .amazon(region: region)
        guard let bucket else {
            return ResolvedEndpoint(base, bucketHost: nil, pathPrefix: base.path, region: region)
        }
        try Self.check(bucket)
        if isVirtual(bucket, at: base) {
            return ResolvedEndpoint(base, bucketHost: bucket, pathPrefix: base.path, region: region)
        }
        let prefix = "\(base.path)/\(PercentCoding.encode(bucket))"
        return ResolvedEndpoint(base, bucketHost: nil, pathPrefix: prefix, region: region)
    }

    private func isVirtual(_ bucket: String, at base: EndpointURL) -> Bool {
        // A certificate's wildcard covers one label, and a dot begins another.
        guard Self.isHostLabel(bucket, allowingDots: !base.isSecure), !base.isAddress else {
            return false
        }
        return switch addressing {
        case .path: false
        case .virtual: true
        case .auto: isAmazon
        }
    }

    /// Words of letters, digits and hyphens, which alone may become a part of a host.
    static func isRegion(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...64).contains(bytes.count) && bytes.first != UInt8(ascii: "-")
            && bytes.allSatisfy {
                $0 == UInt8(ascii: "-") || isDigit($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
            }
    }

    /// Whether a bucket's name can stand in a host, as botocore's rules decide it.
    private static func isHostLabel(_ bucket: String, allowingDots: Bool) -> Bool {
        let labels = bucket.split(separator: ".", omittingEmptySubsequences: false)
        guard (3...63).contains(bucket.utf8.count), allowingDots || labels.count == 1 else {
            return false
        }
        return labels.allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
                && label.utf8.allSatisfy { byte in
                    byte == UInt8(ascii: "-") || isDigit(byte)
                        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                }
        }
    }

    /// Old buckets may have capitals, underscores and up to 255 characters: in a path alone.
    private static func check(_ bucket: String) throws(S3ClientError) {
        let isName =
            (3...255).contains(bucket.utf8.count) && !bucket.utf8.allSatisfy { $0 == 0x2E }
            && bucket.utf8.allSatisfy { byte in
                isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
            }
        guard isName else {
            throw S3ClientError(
                .configuration,
                code: "InvalidBucketName",
                message: "“\(bucket)” is no bucket's name.",
                advice: "Names have 3 to 63 lower-case letters, digits and hyphens."
            )
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// Where one request goes.
public struct ResolvedEndpoint: Sendable, Hashable {
    /// The server to connect to.
    public let origin: HTTPOrigin
    /// The `Host` header: with a port only where it is not the scheme's own.
    public let host: String
    /// What the path begins with: empty, or a slash and more, without one at its end.
    public let pathPrefix: String
    /// The region to sign for.
    public let region: String

    init(_ base: EndpointURL, bucketHost: String?, pathPrefix: String, region: String) {
        let name = bucketHost.map { "\($0).\(base.host)" } ?? base.host
        origin = HTTPOrigin(isSecure: base.isSecure, host: name, port: base.port)
        let bracketed = name.contains(":") ? "[\(name)]" : name
        host = base.port == (base.isSecure ? 443 : 80) ? bracketed : "\(bracketed):\(base.port)"
        self.pathPrefix = pathPrefix
        self.region = region
    }

    /// The scheme and the host, as a URL begins.
    public var url: String { "\(origin.isSecure ? "https" : "http")://\(host)" }

    /// The path of a key, or of what the prefix names where there is none.
    func path(key: String?) -> String {
        guard let key else { return pathPrefix.isEmpty ? "/" : pathPrefix }
        return "\(pathPrefix)/\(PercentCoding.encode(key, keeping: .slashes))"
    }
}
