import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import S3Protocol
import Synchronization
import Testing

/// What a browser does: it keeps cookies, and sends the forms of the pages it was given.
final class Browser: Sendable {
    private let client: any TestClientProtocol
    private let cookies = Mutex<[String: String]>([:])

    init(_ client: any TestClientProtocol) { self.client = client }

    func cookie(_ name: String) -> String? { cookies.withLock { $0[name] } }

    func setCookie(_ name: String, _ value: String?) { cookies.withLock { $0[name] = value } }

    func request(
        _ path: String,
        _ method: HTTPRequest.Method = .get,
        headers: HTTPFields = [:],
        body: ByteBuffer? = nil
    ) async throws -> TestResponse {
        var headers = headers
        let sent = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        if !sent.isEmpty { headers[.cookie] = sent }
        return try await client.execute(uri: path, method: method, headers: headers, body: body) {
            response in
            self.keepCookies(of: response)
            return response
        }
    }

    private func keepCookies(of response: TestResponse) {
        for line in response.headers[values: .setCookie] {
            let pair = line.prefix { $0 != ";" }.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard pair.count == 2 else { continue }
            setCookie(String(pair[0]), pair[1].isEmpty ? nil : String(pair[1]))
        }
    }

    func get(_ path: String) async throws -> TestResponse { try await request(path) }

    /// The token of a page's own form: the last on the page, after the one that logs out.
    func formToken(on path: String) async throws -> String {
        let page = String(buffer: try await get(path).body)
        let start = try #require(page.ranges(of: "name=\"csrf\" value=\"").last).upperBound
        return String(page[start...].prefix { $0 != "\"" })
    }

    func post(
        _ path: String,
        _ fields: [String: String],
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        let text = fields.map { "\($0.key)=\(PercentCoding.encode($0.value))" }
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = ByteBuffer(string: text.joined(separator: "&"))
        return try await request(path, .post, headers: headers, body: body)
    }

    @discardableResult
    func logIn(
        _ name: String = TestSite.user,
        _ password: String = TestSite.password,
        next: String = "",
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        let token = try await formToken(on: "/admin/login/")
        let fields = ["csrf": token, "username": name, "password": password, "next": next]
        return try await post("/admin/login/", fields, headers: headers)
    }

    /// Sends a form with a picture; a token of `nil` is the page's own.
    func upload(
        _ title: String,
        _ image: [UInt8]?,
        named fileName: String = "cat.jpg",
        to path: String = "/admin/gallery/post/add/",
        token: String? = nil,
        accept: String = "text/html"
    ) async throws -> TestResponse {
        let token = if let token { token } else { try await formToken(on: path) }
        var form = ByteBuffer()
        form.writeField("csrf", token)
        form.writeField("title", title)
        let disposition = "form-data; name=\"image\"; filename=\"\(fileName)\""
        form.writeString("--b\r\nContent-Disposition: \(disposition)\r\n\r\n")
        form.writeBytes(image ?? [])
        form.writeString("\r\n--b--\r\n")
        let headers: HTTPFields = [
            .contentType: "multipart/form-data; boundary=b", .accept: accept,
        ]
        return try await request(path, .post, headers: headers, body: form)
    }
}

extension ByteBuffer {
    mutating func writeField(_ name: String, _ value: String) {
        let disposition = "form-data; name=\"\(name)\""
        writeString("--b\r\nContent-Disposition: \(disposition)\r\n\r\n\(value)\r\n")
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }
    var location: String? { headers[.location] }
}
