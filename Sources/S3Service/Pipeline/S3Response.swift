import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol

/// What an operation answers, before the pipeline adds what every response has.
struct S3Response: Sendable {
    var status: HTTPResponseStatus = .ok
    var headers: HTTPHeaders = [:]
    var body: HTTPResponse.Body = .empty

    /// A response without a body.
    init(_ status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:]) {
        self.status = status
        self.headers = headers
    }

    /// A response that is an XML document.
    init(_ status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:], xml: ByteBuffer) {
        self.status = status
        self.headers = headers
        self.headers.add(name: "Content-Type", value: "application/xml")
        body = .bytes(xml)
    }
}

/// An entity tag as it travels: in quotes.
func quoted(_ etag: String) -> String { "\"\(etag)\"" }
