import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol
import Signing

@testable import Daemon

/// A daemon in memory whose tenants are asked without a socket.
struct TenantWorld {
    /// What answered.
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        /// The error's code, where it is one.
        var code: String? {
            (try? XMLElement.parse(Array(text.utf8), root: "Error"))?["Code"]?.text
        }

        /// The answer of one of Pail's own paths.
        var json: JSON? { try? JSON(parsing: text, limit: 1 << 20) }
    }

    let daemon: Daemon

    var tenants: Tenants { daemon.tenants }
    var standard: Tenant { tenants.standard }

    /// Starts one, in memory unless it is said.
    static func start(
        _ change: (inout DaemonConfiguration) -> Void = { _ in }
    ) async throws -> TenantWorld {
        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.storage = .memory
        configuration.eventLoops = 1
        change(&configuration)
        let log = LogOutput(.text) { _ in }
        return TenantWorld(
            daemon: try await Daemon.start(configuration, log: log)
        )
    }

    /// Sends a request, signed by a key where one is given.
    func send(
        _ method: HTTPMethod,
        _ target: String,
        _ body: String = "",
        by signer: RootCredentials? = nil,
        at host: String = "127.0.0.1",
        peer: String = "127.0.0.1",
        service: String = "s3",
        headers more: HTTPHeaders = [:]
    ) async throws -> Answer {
        var headers: HTTPHeaders = ["Host": host, "Content-Length": String(body.utf8.count)]
        headers.add(contentsOf: more)
        if let signer {
            headers =
                SignatureV4.sign(
                    SignableRequest(method: method.rawValue, target: target, headers: headers),
                    by: signer.credential,
                    region: "us-east-1",
                    service: service,
                    payload: .unsigned,
                    at: SystemTime().now()
                )
                .headers
        }
        let request = HTTPRequest(
            method: method,
            target: target,
            headers: headers,
            body: HTTPBody(ByteBuffer(string: body)),
            peer: peer
        )
        return try await read(await tenants.respond(to: request))
    }

    /// Sends a request to one of Pail's own paths, signed by the daemon's own root key unless it is said.
    func ask(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String = "",
        by signer: RootCredentials? = nil,
        peer: String = "127.0.0.1"
    ) async throws -> Answer {
        try await send(
            method,
            "/_pail/\(path)",
            body,
            by: signer ?? daemon.credentials,
            peer: peer
        )
    }

    private func read(_ response: HTTPResponse) async throws -> Answer {
        var text = ""
        switch response.body {
        case .empty: break
        case .bytes(let buffer): text = String(buffer: buffer)
        case .pieces(_, let next):
            while let piece = try await next() {
                guard case .bytes(let buffer) = piece else { continue }
                text += String(buffer: buffer)
            }
        }
        response.onSent?(HTTPResponse.Sent(bodyBytes: text.utf8.count, isComplete: true))
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            text: text
        )
    }
}
