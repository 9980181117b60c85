import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol

/// Pail's own paths, which are nobody's keys: `/_pail/`, and only where the host names no bucket.
///
/// The health check is open; everything else is for the root key alone.
struct OwnPaths: Sendable {
    let authenticator: Authenticator
    let addressing: Addressing
    let queues: QueueRequests
    let logs: LogDelivery
    /// Paths outside the folder that anybody may read: those of the servers that Pail stands in for.
    let openPaths: [String: OpenPath]
    /// Texts below the folder, for the root key.
    let rootPaths: [String: OpenPath]
    let administration: AdministrationAnswer?

    private static let folder = "/_pail/"

    /// Whether a request is for one of them, or for one of the open paths.
    func isOwn(_ http: HTTPRequest) -> Bool { claims(http) || openPath(of: http) != nil }

    private func claims(_ http: HTTPRequest) -> Bool {
        http.target.utf8.starts(with: Self.folder.utf8)
            && addressing.meaning(of: http.headers.first(name: "host") ?? "") == .service
    }

    /// The answer to a request for one of them, or `nil` for a request that is S3's.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied` for who has not the root key, and what a wrong signature gets.
    func answer(_ http: HTTPRequest, _ exchange: inout Exchange) async throws -> HTTPResponse? {
        if let path = openPath(of: http) { return try Self.reading(http, path.type, path.text()) }
        guard claims(http) else { return nil }
        // A query, which could be a signature's, makes even this one a matter of the key.
        if http.target == Self.folder + "health" {
            return try Self.reading(http, "text/plain", "ok\n")
        }
        let request = try S3Request(http, addressing: addressing)
        let (caller, payload) = try await authenticator.authenticate(request)
        exchange.caller = caller
        guard authenticator.isRoot(caller) else {
            throw S3Error(.accessDenied, logged: "\(Self.folder) is for the root key")
        }
        exchange.operation = Self.folder + request.key
        switch request.key {
        case "fidelity": return try Self.reading(http, "application/json", Ledger.json)
        case "logs/deliver":
            guard http.method == .POST else { throw S3Error(.methodNotAllowed) }
            await logs.deliver()
            return HTTPResponse(status: .noContent)
        case let key where key.hasPrefix("queues/"): return try await queues.answer(request)
        default:
            if let path = rootPaths[request.key] {
                return try Self.reading(http, path.type, path.text())
            }
            let call = AdministrationCall(
                method: http.method,
                path: request.key,
                query: request.query.parameters,
                body: try await payload.document(),
                peer: http.peer
            )
            if let answer = try await administration?(call) { return answer }
            throw S3Error(.noSuchKey, details: [.init("Key", request.key)])
        }
    }

    /// The open path that a request is for.
    ///
    /// One that is signed is about the key of that name, and one under a bucket's own host as well.
    private func openPath(of http: HTTPRequest) -> OpenPath? {
        guard !openPaths.isEmpty, let path = openPaths[http.target],
            !http.headers.contains(name: "authorization"),
            http.method == .GET || http.method == .HEAD,
            addressing.meaning(of: http.headers.first(name: "host") ?? "") == .service
        else { return nil }
        return path
    }

    private static func reading(
        _ http: HTTPRequest,
        _ type: String,
        _ text: String
    ) throws(S3Error) -> HTTPResponse {
        guard http.method == .GET || http.method == .HEAD else { throw S3Error(.methodNotAllowed) }
        return HTTPResponse(
            headers: ["Content-Type": type],
            body: http.method == .HEAD ? .empty : .bytes(ByteBuffer(string: text))
        )
    }
}
