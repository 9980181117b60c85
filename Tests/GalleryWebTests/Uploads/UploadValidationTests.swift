import GalleryClient
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import GalleryWeb

@Suite struct UploadValidationTests {
    private let site: TestSite

    init() async throws { site = try await TestSite() }

    private func expectNothingSaved() async throws {
        #expect(site.storage.names.isEmpty)
        #expect(try await site.site.posts.page(1, size: 1)?.total == 0)
    }

    @Test(arguments: [
        ("", "This field is required."), ("   ", "This field is required."),
        (String(repeating: "é", count: 101), "at most 100 characters (it has 101)."),
        ("a\u{7}b", "Control characters are not allowed."),
    ])
    func `a title that cannot be is told beside its field`(title: String, said: String) async throws
    {
        try await site.browseLoggedIn { browser in
            let reply = try await browser.upload(title, TextWorkshop.picture())
            #expect(reply.status == .unprocessableContent && reply.text.contains(said))
            #expect(reply.text.contains("aria-invalid=\"true\" aria-describedby=\"title-error\""))
        }
        try await expectNothingSaved()
    }

    @Test func `a title of a hundred characters is taken`() async throws {
        try await site.browseLoggedIn { browser in
            let title = String(repeating: "é", count: 100)
            let reply = try await browser.upload(title, TextWorkshop.picture())
            #expect(reply.status == .seeOther)
        }
    }

    @Test func `what is no image is told beside its field, and the title is kept`() async throws {
        try await site.browseLoggedIn { browser in
            let reply = try await browser.upload("A title", Array("<svg/>".utf8))
            #expect(reply.status == .unprocessableContent)
            #expect(reply.text.contains("Upload a valid image."))
            #expect(reply.text.contains("aria-describedby=\"image-hint image-error\""))
            #expect(reply.text.contains("name=\"title\" value=\"A title\""))
        }
        try await expectNothingSaved()
    }

    @Test func `all that is wrong is told at once`() async throws {
        try await site.browseLoggedIn { browser in
            let reply = try await browser.upload("", nil, named: "").text
            #expect(
                reply.contains("This field is required.")
                    && reply.contains("No file was submitted.")
            )
        }
    }

    @Test func `an empty file is told from none`() async throws {
        try await site.browseLoggedIn { browser in
            let reply = try await browser.upload("x", [])
            #expect(reply.text.contains("The submitted file is empty."))
        }
    }

    @Test func `an image of more than 25 MB is refused`() async throws {
        try await site.browseLoggedIn { browser in
            let padding = [UInt8](repeating: 0x20, count: UploadForm.maximumImageBytes)
            let reply = try await browser.upload("x", TextWorkshop.picture() + padding)
            #expect(reply.status == .contentTooLarge)
            #expect(reply.text.contains("The image is larger than 25 MB."))
        }
        try await expectNothingSaved()
    }

    @Test func `a field that is longer than any title is refused`() async throws {
        try await site.browseLoggedIn { browser in
            let title = String(repeating: "x", count: UploadForm.maximumFieldBytes + 1)
            let reply = try await browser.upload(title, TextWorkshop.picture())
            #expect(reply.status == .contentTooLarge)
        }
        try await expectNothingSaved()
    }

    @Test(arguments: [
        "text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "",
    ])
    func `another kind of body is refused`(type: String) async throws {
        try await site.browseLoggedIn { browser in
            let path = "/admin/gallery/post/add/"
            let body = ByteBuffer(string: "title=x")
            let reply = try await browser.request(
                path,
                .post,
                headers: [.contentType: type],
                body: body
            )
            #expect(reply.status == .unsupportedMediaType)
        }
    }

    @Test(arguments: [
        "", "--b\r\n", "--b--\r\n", "nonsense",
        "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\nPICT",
    ])
    func `a form that breaks off saves nothing`(body: String) async throws {
        try await site.browseLoggedIn { browser in
            let headers: HTTPFields = [.contentType: "multipart/form-data; boundary=b"]
            let path = "/admin/gallery/post/add/"
            let bytes = ByteBuffer(string: body)
            let reply = try await browser.request(path, .post, headers: headers, body: bytes)
            #expect([.badRequest, .forbidden].contains(reply.status))
        }
        try await expectNothingSaved()
    }

    @Test func `what a storage refuses is shown with its advice`() async throws {
        let advice = "Make it with `aws s3 mb s3://photos`."
        let error = StorageError(
            .noStorage,
            code: "NoSuchBucket",
            message: "No bucket.",
            advice: advice
        )
        site.storage.fail(.save, with: error)
        try await site.browseLoggedIn { browser in
            let reply = try await browser.upload("cat", TextWorkshop.picture())
            #expect(reply.status == .badGateway)
            #expect(reply.text.contains("No bucket. (NoSuchBucket) \(advice)"))
        }
        try await expectNothingSaved()
    }
}
