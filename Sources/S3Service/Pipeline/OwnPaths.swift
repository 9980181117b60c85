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

    private static let folder = "/_pail/"

    /// The answer to a request for one of them, or `nil` for a request that is S3's.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied` for who has not the root key, and what a wrong signature gets.
    func answer(_ http: HTTPRequest, _ exchange: inout Exchange) async throws -> HTTPResponse? {
        guard http.target.utf8.starts(with: Self.folder.utf8),
            addressing.meaning(of: http.headers.first(name: "host") ?? "") == .service
        else { return nil }
        let path = http.target.dropFirst(Self.folder.count)
        let name = path.prefix { $0 != "?" }
        // A query, which could be a signature's, makes even this one a matter of the key.
        if path != "health" {
            let request = try S3Request(http, addressing: addressing)
            let (caller, _) = try await authenticator.authenticate(request)
            exchange.accessKey = caller.accessKey
            guard authenticator.isRoot(caller) else {
                throw S3Error(.accessDenied, logged: "\(Self.folder) is for the root key")
            }
            exchange.operation = Self.folder + name
        }
        guard http.method == .GET || http.method == .HEAD else { throw S3Error(.methodNotAllowed) }
        let (type, text) =
            switch name {
            case "health": ("text/plain", "ok\n")
            case "fidelity": ("application/json", Ledger.json)
            default: throw S3Error(.noSuchKey, details: [.init("Key", String(name))])
            }
        return HTTPResponse(
            headers: ["Content-Type": type],
            body: http.method == .HEAD ? .empty : .bytes(ByteBuffer(string: text))
        )
    }
}
