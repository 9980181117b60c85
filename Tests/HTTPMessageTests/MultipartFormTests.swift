import HTTPMessage
import NIOCore
import Synchronization
import Testing

@Suite struct MultipartFormTests {
    private static let contentType = "multipart/form-data; boundary=X"
    private static let title = "--X\r\nContent-Disposition: form-data; name=title\r\n\r\nA cat\r\n"
    private static let file =
        "--X\r\nContent-Disposition: form-data; name=file; filename=a.jpg\r\n\r\nmeow\r\n"

    @Test func `hands out the fields and their bytes one after the other`() async throws {
        let form = try Self.form([Self.title + Self.file + "--X--\r\n"])

        #expect(try await form.nextField()?.name == "title")
        #expect(try await form.text(limit: 5) == "A cat")
        #expect(try await form.nextField()?.fileName == "a.jpg")
        #expect(try await form.nextBytes() == ByteBuffer(string: "meow"))
        #expect(try await form.nextBytes() == nil)
        #expect(try await form.nextBytes() == nil)
        #expect(try await form.nextField() == nil)
        #expect(try await form.nextField() == nil)
    }

    @Test func `reads no more of the body than was asked for`() async throws {
        let asked = Mutex(0)
        let pieces = [Self.title, Self.file, "--X--"].map { ByteBuffer(string: $0) }
        let body = HTTPBody(length: nil) {
            asked.withLock { asked in
                defer { asked += 1 }
                return asked < pieces.count ? pieces[asked] : nil
            }
        }
        let form = try MultipartForm(body, contentType: Self.contentType)

        #expect(asked.withLock { $0 } == 0)
        _ = try await form.nextField()
        #expect(asked.withLock { $0 } == 1)
        #expect(form.position == Self.title.utf8.count - "A cat\r\n".utf8.count)
    }

    @Test func `what nobody read of a field is passed over`() async throws {
        let form = try Self.form([Self.title, Self.file, "--X--"])

        #expect(try await form.nextField()?.name == "title")
        #expect(try await form.nextField()?.name == "file")
        #expect(try await form.nextField() == nil)
    }

    @Test func `a text that is longer than its limit is not gathered`() async throws {
        let form = try Self.form([Self.title, Self.file, "--X--"])
        _ = try await form.nextField()

        #expect(try await form.text(limit: 4) == nil)
        #expect(try await form.nextField()?.name == "file")
    }

    @Test func `a body that ends too early is incomplete`() async throws {
        let form = try Self.form([Self.title, "--X"])
        _ = try await form.nextField()

        await #expect(throws: MultipartFormError.incomplete) { try await form.nextField() }
    }

    @Test func `what follows the last boundary is looked at before the form counts as complete`()
        async throws
    {
        let form = try Self.form([Self.title, "--X--", "\r\n", "--X\r\n"])
        _ = try await form.nextField()

        await #expect(
            throws: MultipartFormError.malformed("more bytes follow the end of the form")
        ) { try await form.nextField() }
    }

    @Test func `a connection that fails fails the form`() async throws {
        let form = try MultipartForm(
            HTTPBody(length: nil) { throw HTTPBodyError.stalled },
            contentType: Self.contentType
        )

        await #expect(throws: HTTPBodyError.stalled) { try await form.nextField() }
    }

    private static func form(_ pieces: [String]) throws -> MultipartForm {
        let rest = Mutex(pieces.map { ByteBuffer(string: $0) }[...])
        let body = HTTPBody(length: nil) { rest.withLock { $0.popFirst() } }
        return try MultipartForm(body, contentType: contentType)
    }
}
