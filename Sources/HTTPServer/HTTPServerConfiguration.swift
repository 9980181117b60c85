/// Where a server listens and what it allows.
public struct HTTPServerConfiguration: Sendable {
    /// The address or name to bind: `127.0.0.1`, `::1`, `0.0.0.0`, `::`, `localhost`.
    public var host: String
    /// The port, or 0 for any that is free.
    public var port: Int
    /// The certificate to serve https with, or `nil` for http.
    public var tls: TLSFiles?
    /// What connections may use.
    public var limits: HTTPLimits
    /// The memory that all bodies of all servers of the process share.
    public var bodyBudget: BodyBudget

    /// Describes a server.
    public init(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: TLSFiles? = nil,
        limits: HTTPLimits = HTTPLimits(),
        bodyBudget: BodyBudget = .process
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.limits = limits
        self.bodyBudget = bodyBudget
    }
}

/// The PEM files of a server's certificate.
public struct TLSFiles: Sendable, Hashable {
    /// The path of the certificate, followed by the intermediate ones.
    public var certificateChain: String
    /// The path of its private key.
    public var privateKey: String

    /// Names the files.
    public init(certificateChain: String, privateKey: String) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
    }
}
