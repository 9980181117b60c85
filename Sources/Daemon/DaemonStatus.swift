import Policy

/// What a running daemon tells about itself.
public struct DaemonStatus: Sendable, Hashable {
    /// Its process.
    public let processID: Int32
    /// Where it listens.
    public let endpoints: [Endpoint]
    /// Its region.
    public let region: String
    /// The bases for virtual-host addressing that it was told of.
    public let domains: [String]
    /// The certificate that https is served with, if it is.
    public let certificate: String?
    /// Whether its root key pair came from whoever started it.
    public let hasGivenCredentials: Bool
    /// What scrubbing has found since it was started.
    public var scrub = ScrubCounts()
    /// Why it only reads; `nil` where it writes too.
    public var readOnlyReason: String?
}

extension DaemonStatus {
    var json: JSON {
        .object([
            "pid": .number(String(processID)),
            "endpoints": .array(endpoints.map(\.json)),
            "region": .string(region),
            "domains": .array(domains.map(JSON.string)),
            "certificate": certificate.map(JSON.string),
            "givenCredentials": .bool(hasGivenCredentials),
            "scrub": scrub.json,
            "readOnly": readOnlyReason.map(JSON.string),
        ])
    }

    init?(_ json: JSON) {
        guard let processID = json["pid"]?.integer.flatMap(Int32.init(exactly:)),
            let endpoints = json["endpoints"]?.array,
            let region = json["region"]?.string,
            let domains = json["domains"]?.array
        else { return nil }
        self.processID = processID
        self.endpoints = endpoints.compactMap(Endpoint.init)
        self.region = region
        self.domains = domains.compactMap(\.string)
        certificate = json["certificate"]?.string
        hasGivenCredentials = json["givenCredentials"] == .bool(true)
        scrub = json["scrub"].map { ScrubCounts($0) } ?? ScrubCounts()
        readOnlyReason = json["readOnly"]?.string
    }

    /// The status as one line of JSON.
    public var jsonText: String { json.text }

    /// The status as lines for people.
    public var text: String {
        """
        Process   \(processID)
        Listens   \(endpoints.map(\.url).joined(separator: " "))
        Region    \(region)
        Writable  \(readOnlyReason.map { "no: \($0)" } ?? "yes")
        Scrubbed  \(scrub.verified) blobs verified, \(scrub.bytes) bytes read, \(scrub.bad) bad, \
        \(scrub.locked) without their key, \(scrub.passes) passes
        """
    }
}

extension ScrubCounts {
    fileprivate var json: JSON {
        .object([
            "passes": .integer(passes), "verified": .integer(verified), "bytes": .integer(bytes),
            "bad": .integer(bad), "locked": .integer(locked),
        ])
    }

    fileprivate init(_ json: JSON) {
        self.init()
        passes = json["passes"]?.integer64 ?? 0
        verified = json["verified"]?.integer64 ?? 0
        bytes = json["bytes"]?.integer64 ?? 0
        bad = json["bad"]?.integer64 ?? 0
        locked = json["locked"]?.integer64 ?? 0
    }
}

extension Endpoint {
    fileprivate var json: JSON {
        .object([
            "secure": .bool(isSecure), "host": .string(host), "port": .number(String(port)),
        ])
    }

    fileprivate init?(_ json: JSON) {
        guard let host = json["host"]?.string, let port = json["port"]?.integer else { return nil }
        self.init(isSecure: json["secure"] == .bool(true), host: host, port: port)
    }
}

extension JSON {
    /// The whole number, where this is one that fits.
    var integer: Int? { integer64.flatMap { Int(exactly: $0) } }

    /// The whole number, where this is one that fits.
    var integer64: Int64? {
        guard case .number(let digits) = self else { return nil }
        return Int64(digits)
    }

    /// A whole number.
    static func integer(_ number: Int64) -> JSON { .number(String(number)) }
}
