import NIOCore
import NIOHTTP1
import NIOPosix
import S3Service

/// Sends events to webhooks: one connection and one request each, no redirection followed.
///
/// So nothing is ever sent anywhere but to an address that was allowed.
struct WebhookClient: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let tls = ClientTLS()

    init(group: MultiThreadedEventLoopGroup) { self.group = group }

    /// Sends a request and answers its status; the rest of the answer is not read.
    ///
    /// - Throws: ``OneRequest/Failure``, or what connecting throws.
    func send(_ request: WebhookRequest) async throws -> Int {
        guard let address = WebhookAddress(request.url) else {
            throw OneRequest.Failure(description: "the URL cannot be read")
        }
        var headers = HTTPHeaders()
        for field in request.headers { headers.add(name: field.name, value: field.value) }
        return try await OneRequest(group: group, tls: tls).send(
            .POST,
            to: address,
            headers: headers,
            body: ByteBuffer(bytes: request.body)
        ).status
    }
}
