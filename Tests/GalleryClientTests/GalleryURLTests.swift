import Digests
import FoundationEssentials
import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol
import TestSupport
import Testing

@testable import GalleryClient

/// URLs, forms and plans, tried out by a browser that knows nothing else.
@Suite struct GalleryURLTests {
    @Test func `a signed URL is read until it expires, and cannot be changed`() async throws {
        let bucket = try await TestBucket()
        try await bucket.storage.save("meow", as: "images/my cat.jpg")
        let url = try bucket.storage.url(for: "images/my cat.jpg")
        #expect(
            url.hasPrefix("http://127.0.0.1:9000/photos/images/my%20cat.jpg?X-Amz-Algorithm=AWS4")
        )
        #expect(try await bucket.fetch(.GET, url).body == "meow")
        #expect(try await bucket.fetch(.HEAD, url).status == 403)
        let tampered = url.replacing("my%20cat", with: "other")
        #expect(try await bucket.fetch(.GET, tampered).status == 403)
        bucket.s3.time.advance(bySeconds: 3601)
        #expect(try await bucket.fetch(.GET, url).status == 403)
    }

    @Test func `a URL can write, ask and remove where it says so`() async throws {
        let bucket = try await TestBucket()
        func url(_ method: URLOptions.Method, _ type: String? = nil) throws -> String {
            let options = URLOptions(method: method, expires: 60, contentType: type)
            return try bucket.storage.url(for: "a.txt", options: options)
        }
        let put = try url(.put, "text/x-mine")
        #expect(try await bucket.fetch(.PUT, put, body: "x").status == 403)
        let type: HTTPHeaders = ["Content-Type": "text/x-mine"]
        #expect(try await bucket.fetch(.PUT, put, headers: type, body: "x").status == 200)
        #expect(try await bucket.fetch(.HEAD, try url(.head)).status == 200)
        #expect(try await bucket.storage.stat("a.txt")?.contentType == "text/x-mine")
        #expect(try await bucket.fetch(.DELETE, try url(.delete)).status == 204)
        #expect(try await bucket.storage.lacks("a.txt"))
    }

    @Test func `a download has the name and the type that were asked for`() async throws {
        let bucket = try await TestBucket()
        try await bucket.storage.save("x", as: "a.txt")
        let options = URLOptions(download: "Größe.txt", contentType: "text/x-mine")
        let url = try bucket.storage.url(for: "a.txt", options: options)
        let reply = try await bucket.fetch(.GET, url)
        #expect(reply.status == 200)
        #expect(
            reply.headers.first(name: "content-disposition")
                == #"attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.txt"#
        )
        #expect(reply.headers.first(name: "content-type") == "text/x-mine")
    }

    @Test(arguments: [0, -1, 604_801])
    func `a URL is good for a second to a week`(seconds: Int) async throws {
        let bucket = try await TestBucket()
        let error = await failure {
            _ = try bucket.storage.url(for: "a", options: URLOptions(expires: seconds))
        }
        #expect(error?.kind == .configuration)
        _ = try bucket.storage.url(for: "a", options: URLOptions(expires: 604_800))
    }

    @Test func `a public bucket's URLs are not signed`() async throws {
        let bucket = try await TestBucket { $0.signsURLs = false }
        let storage = bucket.storage
        #expect(try storage.url(for: "a b.jpg") == "http://127.0.0.1:9000/photos/a%20b.jpg")
        let write = try storage.url(for: "a", options: URLOptions(method: .put))
        #expect(write.contains("X-Amz-Signature"))
    }

    @Test func `a custom domain shows what is read, and the bucket's host the rest`() async throws {
        let bucket = try await TestBucket {
            $0.customDomain = "cdn.example.com"
            $0.location = "media"
        }
        let storage = bucket.storage
        #expect(try storage.url(for: "a+b.jpg") == "https://cdn.example.com/media/a%2Bb.jpg")
        let download = try storage.url(for: "a", options: URLOptions(download: "b"))
        #expect(download.hasPrefix("http://127.0.0.1:9000/photos/media/a?"))
    }

    @Test func `URLs are for the public endpoint, requests for the other`() async throws {
        let bucket = try await TestBucket { $0.publicEndpoint = "https://media.example.com" }
        try await bucket.storage.save("x", as: "a.jpg")
        #expect(bucket.wire.sent.last?.origin.host == "127.0.0.1")
        #expect(
            try bucket.storage.url(for: "a.jpg").hasPrefix(
                "https://media.example.com/photos/a.jpg?"
            )
        )
    }

    @Test func `a browser uploads by a signed PUT under a name of its own`() async throws {
        let bucket = try await TestBucket()
        let upload = try await bucket.storage.directUpload(
            named: "images/cat.jpg",
            options: DirectUploadOptions(form: .put, expires: 60)
        )
        #expect(upload.method == "PUT")
        #expect(upload.name.wholeMatch(of: /images\/cat_[A-Za-z0-9]{7}\.jpg/) != nil)
        let headers = HTTPHeaders(upload.headers.map { ($0.name, $0.value) })
        let reply = try await bucket.fetch(.PUT, upload.url, headers: headers, body: "x")
        #expect(reply.status == 200)
        #expect(try await bucket.storage.stat(upload.name)?.contentType == "image/jpeg")
    }

    @Test func `a form's policy names every field and limits the size`() async throws {
        let bucket = try await TestBucket { $0.defaultACL = "private" }
        let upload = try await bucket.storage.directUpload(
            named: "images/cat.jpg",
            options: DirectUploadOptions(size: 1...5000)
        )
        #expect(upload.method == "POST")
        #expect(upload.url == "http://127.0.0.1:9000/photos")
        let fields = Dictionary(upload.fields.map { ($0.name, $0.value) }) { $1 }
        #expect(fields["key"] == upload.name)
        #expect(fields["acl"] == "private")
        #expect(fields["success_action_status"] == "201")
        let policy = try #require(fields["policy"].flatMap { Base64.decode($0) })
        let text = String(decoding: policy, as: UTF8.self)
        #expect(text.contains(#"["content-length-range", 1, 5000]"#))
        #expect(text.contains(#"{"bucket": "photos"}"#))
        #expect(text.contains("2023-11-14T23:13:20"))
        for (name, value) in fields where !["policy", "x-amz-signature"].contains(name) {
            #expect(text.contains(#"{"\#(name)": "\#(value)"}"#))
        }
    }

    @Test func `a browser uploads by a form, as long as the file is allowed to be`() async throws {
        let bucket = try await TestBucket { $0.cacheControl = "max-age=60" }
        let upload = try await bucket.storage.directUpload(
            named: "größe/my cat.txt",
            options: DirectUploadOptions(size: 1...10)
        )
        func send(_ file: String) async throws -> Int {
            let parts = upload.fields.map { field in
                "--b\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n\(field.value)\r\n"
            }
            let head = "Content-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"
            return try await bucket.fetch(
                .POST,
                upload.url,
                headers: ["Content-Type": "multipart/form-data; boundary=b"],
                body: parts.joined() + "--b\r\n" + head + file + "\r\n--b--\r\n"
            ).status
        }
        #expect(try await send("") == 400)
        #expect(try await send("01234567890") == 400)
        #expect(try await bucket.storage.lacks(upload.name))
        #expect(try await send("0123456789") == 201)
        #expect(try await bucket.storage.text(upload.name) == "0123456789")
        #expect(try await bucket.storage.stat(upload.name)?.contentType == "text/plain")
        bucket.s3.time.advance(bySeconds: 3601)
        #expect(try await send("0123456789") == 403)
    }

    @Test func `a plan is carried out by others and completed here`() async throws {
        let bucket = try await TestBucket { $0.partSize = 5 << 20 }
        let text = String(repeating: "0123456789abcdef", count: 327_681)
        let plan = try await bucket.storage.multipartPlan(
            named: "film.mp4",
            size: Int64(text.utf8.count)
        )
        #expect(plan.parts.map(\.range) == [0..<5_242_880, 5_242_880..<5_242_896])
        var etags: [String] = []
        for part in plan.parts {
            let piece = String(text.dropFirst(Int(part.range.lowerBound)).prefix(part.range.count))
            let reply = try await bucket.fetch(.PUT, part.url, body: piece)
            etags.append(try #require(reply.headers.first(name: "etag")))
        }
        let short = await failure { _ = try await bucket.storage.complete(plan, etags: []) }
        #expect(short?.kind == .refused)
        let saved = try await bucket.storage.complete(plan, etags: etags)
        #expect(saved.size == text.utf8.count)
        #expect(try await bucket.storage.text(saved.name) == text)
        #expect(try await bucket.storage.stat(saved.name)?.contentType == "video/mp4")
    }

    @Test func `a plan that is given up leaves nothing`() async throws {
        let bucket = try await TestBucket()
        let plan = try await bucket.storage.multipartPlan(named: "film.mp4", size: 1 << 33)
        #expect(plan.parts.count == 1024)
        try await bucket.storage.abort(plan)
        try await bucket.storage.abort(plan)
        let reply = try await bucket.fetch(.PUT, plan.parts[0].url, body: "x")
        #expect(reply.status == 404)
        let error = await failure {
            _ = try await bucket.storage.multipartPlan(named: "a", size: (5 << 40) + 1)
        }
        #expect(error?.kind == .refused)
    }
}
