import Digests
import NIOHTTP1
import S3Protocol
import S3Service
import Signing
import Synchronization
import Testing

/// What a form stores, and what it answers.
@Suite struct PostObjectTests {
    @Test func `stores the file at the key of the form, and answers 204 without a body`()
        async throws
    {
        let s3 = try await TestS3()

        let reply = await s3.post(UploadForm().signed())

        #expect(reply.status == 204)
        #expect(reply.body.isEmpty)
        #expect(reply.header("ETag") == #""4a4be40c96ac6314e91d93f38043a634""#)
        #expect(reply.header("Location") == "http://127.0.0.1:9000/photos/cat.jpg")
        #expect(reply.header("x-amz-checksum-crc64nvme")?.count == 12)
        #expect(reply.header("Content-Type") == nil)
        let stored = await s3.send(.GET, "/photos/cat.jpg")
        #expect(stored.text == "meow")
        // The file's own type is not the object's: S3 asks for a field of that name.
        #expect(stored.header("Content-Type") == "binary/octet-stream")
    }

    @Test func `a field tags the object by a document`() async throws {
        let s3 = try await TestS3()
        let tags =
            "<Tagging><TagSet><Tag><Key>colour</Key><Value>red</Value></Tag></TagSet></Tagging>"

        #expect(await s3.post(UploadForm(["tagging": tags]).signed()).status == 204)
        #expect(await s3.send(.GET, "/photos/cat.jpg?tagging").all("Key") == ["colour"])
        let bad = await s3.post(UploadForm(key: "bad", ["tagging": "red"]).signed())
        #expect(bad.errorCode == "MalformedXML")
        #expect(await s3.send(.HEAD, "/photos/bad").status == 404)
    }

    @Test func `takes a signature of version 2 too`() async throws {
        let s3 = try await TestS3()
        let form = UploadForm().signed(conditions: #"{"bucket": "photos"}, {"key": "cat.jpg"}"#)

        #expect(await s3.post(form).status == 204)
        #expect(await s3.send(.GET, "/photos/cat.jpg").text == "meow")
    }

    @Test func `the bucket may be in the host`() async throws {
        let s3 = try await TestS3()

        let reply = await s3.post(
            UploadForm(key: "a b/ü.jpg").signed(),
            to: "/",
            host: "photos.s3.localhost:9000",
            isSecure: true
        )

        #expect(reply.status == 204)
        let location = "https://photos.s3.localhost:9000/a%20b%2F%C3%BC.jpg"
        #expect(reply.header("Location") == location)
        #expect(await s3.send(.GET, "/photos/a%20b/%C3%BC.jpg").text == "meow")
    }

    @Test func `keeps what a PUT would keep from its headers`() async throws {
        let s3 = try await TestS3()
        let form = UploadForm(
            key: "cat.jpg",
            [
                "Content-Type": "image/jpeg", "cache-control": "no-cache",
                "Content-Disposition": "inline", "Content-Encoding": "gzip",
                "Content-Language": "en", "EXPIRES": "whenever", "acl": "bucket-owner-full-control",
                "x-amz-meta-WHO": "Tom ü", "x-amz-storage-class": "STANDARD_IA",
            ]
        )

        #expect(await s3.post(form.signed()).status == 204)

        let reply = await s3.send(.HEAD, "/photos/cat.jpg")
        #expect(reply.header("Content-Type") == "image/jpeg")
        #expect(reply.header("Cache-Control") == "no-cache")
        #expect(reply.header("Content-Disposition") == "inline")
        #expect(reply.header("Content-Encoding") == "gzip")
        #expect(reply.header("Content-Language") == "en")
        #expect(reply.header("Expires") == "whenever")
        #expect(reply.header("x-amz-meta-who") == "=?UTF-8?Q?Tom_=C3=BC?=")
        #expect(reply.header("x-amz-storage-class") == "STANDARD_IA")
    }

    @Test func `fields count in any case and order before the file, and not at all after it`()
        async throws
    {
        let s3 = try await TestS3()
        var form = UploadForm(key: nil, ["Content-TYPE": "text/plain", "KEY": "a"]).signed()
        form.fields = form.fields.reversed().map { ($0.name.uppercased(), $0.value) }
        form.after = [("key", "b"), ("content-type", "text/html"), ("unsigned", "x")]

        #expect(await s3.post(form).status == 204)

        #expect(await s3.send(.HEAD, "/photos/a").header("Content-Type") == "text/plain")
        #expect(await s3.send(.HEAD, "/photos/b").status == 404)
    }

    // S3 replaces the variable in all fields, and leaves it where the file has no name at all.
    @Test(
        arguments: [
            ("tom.jpg", "tom.jpg"), (#"C:\cats\tom.jpg"#, "tom.jpg"),
            ("/home/me/tom.jpg", "tom.jpg"),
            ("../../tom ü.jpg", "tom ü.jpg"), ("..", ".."), ("", ""),
            ("${filename}", "${filename}"),
            (nil, "${filename}"),
        ] as [(String?, String)]
    )
    func `the file's name without its folders stands in for its variable`(
        fileName: String?,
        name: String
    ) async throws {
        let s3 = try await TestS3()
        var form = UploadForm(key: "in/${filename}", ["x-amz-meta-name": "${filename}!"]).signed()
        form.fileName = fileName

        #expect(await s3.post(form).status == 204)

        let reply = await s3.send(.GET, "/photos/" + PercentCoding.encode("in/\(name)"))
        #expect(reply.text == "meow")
        #expect(reply.header("x-amz-meta-name") == EncodedWords.encode("\(name)!"))
    }

    @Test func `a file may come as text, and may be empty`() async throws {
        let s3 = try await TestS3()
        var form = UploadForm().signed()
        form.fileName = nil
        form.content = []

        let reply = await s3.post(form)

        #expect(reply.status == 204)
        #expect(reply.header("ETag") == #""d41d8cd98f00b204e9800998ecf8427e""#)
    }

    @Test(arguments: [("200", 200), ("204", 204), ("404", 204), ("", 204)])
    func `the status is the one that was asked for, or 204`(
        asked: String,
        status: Int
    )
        async throws
    {
        let form = UploadForm(key: "a", ["success_action_status": asked]).signed()

        let reply = try await TestS3().post(form)

        #expect(reply.status == status)
        #expect(reply.body.isEmpty)
        #expect(reply.header("Location") == "http://127.0.0.1:9000/photos/a")
    }

    @Test func `status 201 has a document that tells where the object is`() async throws {
        let form = UploadForm(key: "a&b/ü.jpg", ["success_action_status": "201"]).signed()

        let reply = try await TestS3().post(form)

        #expect(reply.status == 201)
        #expect(reply.header("Content-Type") == "application/xml")
        #expect(
            reply.text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <PostResponse><Location>http://127.0.0.1:9000/photos/a%26b%2F%C3%BC.jpg</Location>\
                <Bucket>photos</Bucket><Key>a&amp;b/ü.jpg</Key>\
                <ETag>&quot;4a4be40c96ac6314e91d93f38043a634&quot;</ETag></PostResponse>
                """
        )
    }

    private static let added =
        "bucket=photos&key=in%2Fa+b.jpg&etag=%224a4be40c96ac6314e91d93f38043a634%22"

    @Test(arguments: [
        ("success_action_redirect", "http://localhost/done", "http://localhost/done?\(added)"),
        ("success_action_redirect", "https://x/?a=b%20c", "https://x/?a=b%20c&\(added)"),
        ("success_action_redirect", "HTTP://x/#top", "HTTP://x/?\(added)#top"),
        ("redirect", "http://localhost/old", "http://localhost/old?\(added)"),
    ])
    func `a redirect gets the bucket, the key and the ETag`(
        field: String,
        url: String,
        location: String
    ) async throws {
        var form = UploadForm(key: "in/a b.jpg")
        form.fields += [("success_action_status", "201"), (field, url)]

        let reply = try await TestS3().post(form.signed())

        #expect(reply.status == 303)
        #expect(reply.header("Location") == location)
        #expect(reply.body.isEmpty)
    }

    @Test(arguments: ["/relative", "ftp://x/", "javascript:alert(1)", "http://", "http:///x", "x"])
    func `a redirect to what is no page of the web counts for nothing`(url: String) async throws {
        let form = UploadForm(key: "a", ["success_action_redirect": url]).signed()

        let reply = try await TestS3().post(form)

        #expect(reply.status == 204)
        #expect(reply.header("Location") == "http://127.0.0.1:9000/photos/a")
    }

    @Test func `a checksum is held to, stored and shown`() async throws {
        let s3 = try await TestS3()
        let right = Base64.encode(HashFunction.hash(.sha256, Array("meow".utf8)))
        let wrong = Base64.encode(HashFunction.hash(.sha256, Array("woof".utf8)))
        // A checksum needs no condition.
        func form(_ fields: (String, String)...) -> UploadForm {
            var form = UploadForm().signed()
            form.fields += fields.map { ($0.0, $0.1) }
            return form
        }

        let stored = await s3.post(form(("x-amz-checksum-sha256", right)))
        #expect(stored.header("x-amz-checksum-sha256") == right)
        #expect(
            await s3.post(form(("x-amz-checksum-sha256", wrong))).errorCode == "BadDigest"
        )
        #expect(
            await s3.post(form(("x-amz-checksum-sha256", "sailorjerry"))).errorCode
                == "InvalidRequest"
        )
        let two = form(("x-amz-checksum-sha256", right), ("x-amz-checksum-crc32", "AAAAAA=="))
        #expect(await s3.post(two).errorCode == "InvalidRequest")
    }

    @Test func `a checksum's algorithm alone is computed, and must be that of the value`()
        async throws
    {
        let s3 = try await TestS3()
        let computed = UploadForm(key: "a", ["x-amz-checksum-algorithm": "sha1"]).signed()
        #expect(
            await s3.post(computed).header("x-amz-checksum-sha1")
                == Base64.encode(HashFunction.hash(.sha1, Array("meow".utf8)))
        )

        var other = UploadForm(key: "a", ["x-amz-checksum-algorithm": "SHA1"]).signed()
        other.fields.append(("x-amz-checksum-crc32", "AAAAAA=="))
        #expect(await s3.post(other).errorCode == "InvalidRequest")
        let unknown = UploadForm(key: "a", ["x-amz-checksum-algorithm": "MD4"]).signed()
        #expect(await s3.post(unknown).errorCode == "InvalidRequest")
    }

    @Test func `a Content-MD5 is held to`() async throws {
        let s3 = try await TestS3()
        let right = Base64.encode(HashFunction.hash(.md5, Array("meow".utf8)))

        #expect(await s3.post(UploadForm(key: "a", ["Content-MD5": right]).signed()).status == 204)
        let wrong = UploadForm(key: "b", ["Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="]).signed()
        #expect(await s3.post(wrong).errorCode == "BadDigest")
        #expect(await s3.send(.HEAD, "/photos/b").status == 404)
    }

    @Test func `one line of the log names the operation, the key and who signed`() async throws {
        let lines = Mutex<[AccessLogEntry]>([])
        let s3 = try await TestS3(log: { line in lines.withLock { $0.append(line) } })

        _ = await s3.post(UploadForm(key: "in/${filename}").signed())

        let line = try #require(lines.withLock { $0.count == 1 ? $0.first : nil })
        #expect(line.operation == "PostObject")
        #expect(line.bucket == "photos")
        #expect(line.key == "in/cat.jpg")
        #expect(line.accessKey == TestS3.root.accessKey)
        #expect(line.status == 204)

        _ = await s3.post(UploadForm().signed(conditions: ""))
        let refused = try #require(lines.withLock { $0.last })
        #expect(refused.accessKey == TestS3.root.accessKey)
        #expect(refused.errorCode == "AccessDenied")
    }

    @Test func `needs the permission of a PUT for the key that results`() async throws {
        let s3 = try await TestS3()
        let reader = try await s3.user("reader", policy: "AmazonS3ReadOnlyAccess")
        #expect(await s3.post(UploadForm().signed(by: reader)).errorCode == "AccessDenied")

        let uploader = try await s3.user(
            "uploader",
            document: """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                "Action": "s3:PutObject", "Resource": "arn:aws:s3:::photos/in/*"}]}
                """
        )
        let form = UploadForm(key: "${filename}").signed(by: uploader)
        #expect(await s3.post(form).errorCode == "AccessDenied")
        #expect(await s3.post(UploadForm(key: "in/a").signed(by: uploader)).status == 204)
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test func `a policy may look at the page that a form is on, whatever the form says of it`()
        async throws
    {
        let s3 = try await TestS3(configuration: ServiceConfiguration(bucketDefaults: .legacy))
        let site = #", "Condition": {"StringLike": {"aws:Referer": "https://site.example/*"}}"#
        _ = await s3.allow(statement("Allow", nil, "s3:PutObject", more: site))
        let page: HTTPHeaders = ["Referer": "https://site.example/up"]
        #expect(await s3.post(UploadForm(key: "a"), headers: page).status == 204)
        #expect(await s3.post(UploadForm(key: "a")).status == 403)
        let told = UploadForm(key: "a", ["Referer": "https://site.example/up"])
        #expect(await s3.post(told).status == 403)
    }

    @Test func `a bucket that is not there, or another's, is told as for a PUT`() async throws {
        let s3 = try await TestS3()
        let stranger = try await s3.user(
            "stranger",
            account: "other",
            policy: "AmazonS3FullAccess"
        )

        let gone = await s3.post(UploadForm().signed(bucket: "gone"), to: "/gone")
        #expect(gone.status == 404)
        #expect(gone.errorCode == "NoSuchBucket")
        #expect(await s3.post(UploadForm().signed(by: stranger)).errorCode == "AccessDenied")
    }
}
