import HTTPMessage
import NIOHTTP1

/// Credentials from the service that a container's platform runs beside it (ECS, EKS).
///
/// [Container credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html)
public struct ContainerCredentials: CredentialProvider {
    /// Bytes of the service's reply.
    static let replyLimit = 64 << 10
    /// Where a relative URI leads: the address that ECS gives its credential service.
    static let relativeBase = "http://169.254.170.2"
    /// Hosts that may be asked without TLS: this machine, and the addresses of ECS and EKS.
    private static let plainHosts: Set = [
        "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost", "::1",
    ]

    private let environment: [String: String]
    private let transport: any HTTPTransport
    private let readFile: ReadFile

    /// Asks the service that an environment names.
    public init(
        environment: [String: String],
        transport: any HTTPTransport,
        readFile: @escaping ReadFile = SmallFile.read
    ) {
        self.environment = environment
        self.transport = transport
        self.readFile = readFile
    }

    /// What the service gives; `nil` where the environment names none.
    public func resolve() async throws -> ResolvedCredentials? {
        guard let url = try url() else { return nil }
        var headers: HTTPHeaders = ["Host": url.hostHeader, "Accept": "application/json"]
        if let token = try token() { headers.add(name: "Authorization", value: token) }
        let request = HTTPRequest(method: .GET, target: url.target, headers: headers)
        let response: TransportResponse
        do {
            response = try await transport.send(request, to: url.origin)
        } catch {
            throw failure("does not answer: \(error)")
        }
        let body = try await response.body.collect(upTo: Self.replyLimit)
        guard response.status == .ok else { throw failure("answers \(response.status.code)") }
        guard let found = CredentialDocument.read(body)?.resolved(source: "the container") else {
            throw failure("answers what is no document of credentials")
        }
        return found
    }

    // MARK: Where, and with which token

    private struct Place {
        let origin: HTTPOrigin
        let hostHeader: String
        let target: String
    }

    private func url() throws -> Place? {
        if let path = value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard path.hasPrefix("/") else { throw failure("has a relative URI without a slash") }
            return try place(Self.relativeBase + path)
        }
        return try value("AWS_CONTAINER_CREDENTIALS_FULL_URI").map(place)
    }

    private func place(_ text: String) throws -> Place {
        // The query is no part of an endpoint's URL.
        let query = text.firstIndex(of: "?") ?? text.endIndex
        let url = try EndpointURL(String(text[..<query]))
        let isLoopback = url.isAddress && url.host.hasPrefix("127.")
        guard url.isSecure || isLoopback || Self.plainHosts.contains(url.host) else {
            throw failure("is at \(url.host), which may be asked through https only")
        }
        let resolved = ResolvedEndpoint(url, bucketHost: nil, pathPrefix: url.path, region: "")
        let path = String(text[..<query]).pathOfURL
        return Place(
            origin: resolved.origin,
            hostHeader: resolved.host,
            target: path + text[query...]
        )
    }

    private func token() throws -> String? {
        var token = value("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let path = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            // Read each time: the platform exchanges it.
            guard let text = try readFile(path) else { throw failure("has no token file \(path)") }
            token = text
        }
        guard let token, !token.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            if token != nil { throw failure("has a token that is more than one line") }
            return nil
        }
        return token
    }

    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func failure(_ reason: String) -> S3ClientError {
        .credentials("The container's credential service \(reason).")
    }
}

extension String {
    /// The path of a URL: a slash where it has none.
    fileprivate var pathOfURL: String {
        guard let scheme = firstRange(of: "://"),
            let slash = self[scheme.upperBound...].firstIndex(of: "/")
        else { return "/" }
        return String(self[slash...])
    }
}
