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
    fileprivate var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(digits)
    }
}
