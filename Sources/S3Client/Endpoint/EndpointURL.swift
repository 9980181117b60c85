/// The parts of an endpoint's URL that requests use.
struct EndpointURL: Sendable, Hashable {
    let isSecure: Bool
    /// A name in lower case or an address, an IPv6 one without brackets.
    let host: String
    let port: Int
    /// What every path begins with; no slash at its end.
    let path: String

    /// Reads `http://127.0.0.1:9000/base`.
    init(_ text: String) throws(S3ClientError) {
        guard let separator = text.firstRange(of: "://") else { throw Self.refusal(text) }
        switch text[..<separator.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw Self.refusal(text)
        }
        let rest = text[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (host, port) = try Self.authority(rest[..<slash], of: text)
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        var path = rest[slash...]
        while path.last == "/" { path.removeLast() }
        guard path.utf8.allSatisfy({ Self.pathBytes.contains($0) }) else {
            throw Self.refusal(text)
        }
        self.path = String(path)
    }

    private init(secureHost: String) {
        isSecure = true
        host = secureHost
        port = 443
        path = ""
    }

    /// Amazon's own endpoint of a region; that of us-east-1 is the one without a region, as botocore has it.
    static func amazon(region: String) -> EndpointURL {
        if region == "us-east-1" || region == "aws-global" {
            return EndpointURL(secureHost: "s3.amazonaws.com")
        }
        return EndpointURL(secureHost: "s3.\(region).\(suffix(of: region))")
    }

    /// The domain of the partition that a region belongs to.
    ///
    /// [AWS's partitions](https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html), as
    /// botocore's `partitions.json` spells them.
    private static func suffix(of region: String) -> String {
        let partitions = [
            ("cn-", "amazonaws.com.cn"), ("eusc-", "amazonaws.eu"), ("us-isob-", "sc2s.sgov.gov"),
            ("us-isof-", "csp.hci.ic.gov"), ("us-iso-", "c2s.ic.gov"),
            ("eu-isoe-", "cloud.adc-e.uk"),
        ]
        return partitions.first { region.hasPrefix($0.0) }?.1 ?? "amazonaws.com"
    }

    /// Whether the host is an address, before which no bucket's name can stand.
    var isAddress: Bool {
        if host.contains(":") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func authority(
        _ authority: Substring,
        of text: String
    ) throws(S3ClientError) -> (host: String, port: Int?) {
        var name = authority
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), authority.last != "]" {
            let digits = authority[colon...].dropFirst()
            guard let number = UInt16(digits), number > 0, digits.first?.isNumber == true else {
                throw refusal(text)
            }
            port = Int(number)
            name = authority[..<colon]
        }
        let isLiteral = name.first == "[" && name.last == "]"
        if isLiteral { name = name.dropFirst().dropLast() }
        let allowed = isLiteral ? addressBytes : nameBytes
        guard !name.isEmpty, name.utf8.allSatisfy({ allowed.contains($0) }) else {
            throw refusal(text)
        }
        return (name.lowercased(), port)
    }

    private static func refusal(_ text: String) -> S3ClientError {
        // A URL may carry a password before an @: it is not repeated.
        let shown = text.contains("@") ? "The endpoint" : "“\(text)”"
        return S3ClientError(
            .configuration,
            message: "\(shown) is no URL of an S3 endpoint.",
            advice: "Give http:// or https://, a host and perhaps a port: http://127.0.0.1:9000."
        )
    }

    private static let alphanumeric = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8
    )
    private static let nameBytes = alphanumeric.union("-._".utf8)
    private static let addressBytes = Set("0123456789abcdefABCDEF:.".utf8)
    private static let pathBytes = nameBytes.union("/~%!$&'()*+,;=:@".utf8)
}
