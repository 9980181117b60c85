import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

@Suite struct ResponseHeadTests {
    private static let bytes = HTTPResponse.Body.bytes(ByteBuffer(string: "hello"))
    private static let chunks = HTTPResponse.Body.pieces(length: nil) { nil }

    private func fields(
        _ response: HTTPResponse,
        to method: HTTPMethod = .GET,
        _ version: HTTPVersion = .http1_1,
        keepAlive: Bool = true
    ) -> [String]? {
        let request = ResponseHead.Request(method: method, version: version)
        let head = ResponseHead(response, to: request, keepAlive: keepAlive, date: "now")
        return head?.head.headers.map { "\($0): \($1)" }
    }

    @Test func `the length is the body's, whatever the header says`() {
        let wrong: HTTPHeaders = ["Content-Length": "9", "Transfer-Encoding": "x"]
        #expect(fields(.init(body: Self.bytes)) == ["Content-Length: 5", "Date: now"])
        #expect(
            fields(.init(headers: wrong, body: Self.bytes)) == ["Content-Length: 5", "Date: now"]
        )
        #expect(fields(.init(headers: wrong)) == ["Content-Length: 0", "Date: now"])
        #expect(
            fields(.init(headers: wrong, body: Self.chunks))
                == ["Transfer-Encoding: chunked", "Date: now"]
        )
    }

    @Test func `where there is no body, a length is what the response says or nothing`() {
        let said: HTTPHeaders = ["Content-Length": "9"]
        #expect(fields(.init(headers: said), to: .HEAD) == ["Content-Length: 9", "Date: now"])
        #expect(fields(.init(body: Self.bytes), to: .HEAD) == ["Date: now"])
        #expect(fields(.init(status: .notModified, body: Self.bytes)) == ["Date: now"])
        #expect(
            fields(.init(status: .notModified, headers: said)) == [
                "Content-Length: 9", "Date: now",
            ]
        )
        #expect(fields(.init(status: .noContent, headers: said)) == ["Date: now"])
    }

    @Test func `what becomes of the connection is the server's to say`() {
        let said: HTTPHeaders = ["connection": "keep-alive, x", "Date": "mine"]
        #expect(fields(.init(headers: said)) == ["Date: mine", "Content-Length: 0"])
        #expect(fields(.init(), keepAlive: false)?.contains("Connection: close") == true)
        #expect(fields(.init(), to: .GET, .http1_0)?.contains("Connection: keep-alive") == true)
    }

    @Test func `a response closes if it says so or has no other end`() {
        let current = ResponseHead.Request(method: .GET, version: .http1_1)
        let old = ResponseHead.Request(method: .GET, version: .http1_0)
        #expect(ResponseHead.closes(.init(headers: ["connection": "Close"]), to: current))
        #expect(!ResponseHead.closes(.init(body: Self.chunks), to: current))
        #expect(ResponseHead.closes(.init(body: Self.chunks), to: old))
        #expect(!ResponseHead.closes(.init(body: Self.bytes), to: old))
    }

    @Test(arguments: [
        ("X", "a\rb"), ("X", "a\nb"), ("X", "a\u{0}b"), ("X", "\u{7F}"), ("X\r\nY", "a"),
        ("X:", "a"), ("X Y", "a"), ("", "a"), ("Ü", "a"),
    ])
    func `a field that breaks out of its line cannot be sent`(_ name: String, _ value: String) {
        #expect(fields(.init(headers: [name: value])) == nil)
    }

    @Test(arguments: ["", "a\tb", "ü ☃", "\"a\", b;c=d"])
    func `any other value can`(_ value: String) {
        #expect(fields(.init(headers: ["X-Y_z~": value]))?.first == "X-Y_z~: \(value)")
    }

    @Test func `a reason that breaks out of the status line cannot be sent`() {
        let status = HTTPResponseStatus.custom(code: 299, reasonPhrase: "a\r\nX: y")
        #expect(fields(.init(status: status)) == nil)
    }
}
