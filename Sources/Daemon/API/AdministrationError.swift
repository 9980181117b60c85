import HTTPMessage
import NIOCore
import NIOHTTP1
import Policy

/// What the administration API answers to a request that it cannot carry out: JSON, and not S3's XML.
struct AdministrationError: Error, Sendable, Hashable {
    let status: Int
    let code: String
    let message: String

    /// What was sent is not what the operation takes.
    static func invalid(_ message: String) -> AdministrationError {
        AdministrationError(status: 400, code: "InvalidRequest", message: message)
    }

    /// There is nothing of this name.
    static func notFound(_ what: String) -> AdministrationError {
        AdministrationError(status: 404, code: "NotFound", message: "There is no \(what).")
    }

    /// The path has no such method.
    static let methodNotAllowed = AdministrationError(
        status: 405,
        code: "MethodNotAllowed",
        message: "This path does not have the method."
    )

    var reply: AdministrationReply {
        AdministrationReply(
            status: status,
            .object([
                "error": .object(["code": .string(code), "message": .string(message)])
            ])
        )
    }
}

/// What the administration API answers.
struct AdministrationReply: Sendable {
    let status: Int
    /// The document; `nil` for none.
    let json: JSON?

    init(status: Int = 200, _ json: JSON?) {
        self.status = status
        self.json = json
    }

    /// Done, and nothing to say about it.
    static let done = AdministrationReply(status: 204, nil)

    var response: HTTPResponse {
        var response = HTTPResponse(status: HTTPResponseStatus(statusCode: status))
        guard let json else { return response }
        response.headers.add(name: "Content-Type", value: "application/json")
        response.body = .bytes(ByteBuffer(string: json.text + "\n"))
        return response
    }
}
