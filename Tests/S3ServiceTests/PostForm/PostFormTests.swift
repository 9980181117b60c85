import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import S3Service
import Signing
import Synchronization
import Testing

/// Forms that are refused: nothing of them becomes visible.
@Suite struct PostFormTests {
    @Test(
        arguments: [
            nil, "application/x-www-form-urlencoded", "multipart/mixed; boundary=X", "text/html",
        ] as [String?]
    )
    func `a body that is no form is 412`(contentType: String?) async throws {
        let reply = try await TestS3().post(UploadForm().signed().body, contentType: contentType)

        #expect(reply.status == 412)
        #expect(reply.errorCode == "PreconditionFailed")
        #expect(
            reply["Condition"] == "Bucket POST must be of the enclosure-type multipart/form-data"
        )
    }

    @Test(arguments: [
        ("multipart/form-data", "the content type names no boundary"),
        ("multipart/form-data; boundary=Y", "the form does not begin with its boundary"),
    ])
    func `a form whose boundary is unknown is malformed`(
        contentType: String,
        hint: String
    ) async throws {
        let reply = try await TestS3().post(UploadForm().signed().body, contentType: contentType)

        #expect(reply.status == 400)
        #expect(reply.errorCode == "MalformedPOSTRequest")
        #expect(reply["Hint"] == hint)
    }

    @Test func `a form without its end keeps the object as it was`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/cat.jpg", "woof")
        var form = UploadForm().signed()
        form.isComplete = false

        let reply = await s3.post(form)

        #expect(reply.errorCode == "MalformedPOSTRequest")
        #expect(reply["Hint"] == "the body ends before the form does")
        #expect(await s3.send(.GET, "/photos/cat.jpg").text == "woof")
        #expect(await s3.post([UInt8]()).errorCode == "MalformedPOSTRequest")
    }

    @Test(arguments: [
        (HTTPBodyError.connectionClosed, "IncompleteBody"), (.stalled, "RequestTimeout"),
    ])
    func `a connection that fails in the fields or in the file stores nothing`(
        failure: HTTPBodyError,
        code: String
    ) async throws {
        let s3 = try await TestS3()
        let form = UploadForm().signed().body
        for length in [40, form.count - 20] {
            let first = Mutex<ByteBuffer?>(ByteBuffer(bytes: form.prefix(length)))
            let body = HTTPBody(length: form.count) {
                guard let piece = first.withLock({ $0.take() }) else { throw failure }
                return piece
            }

            #expect(await s3.post(body).errorCode == code)
        }
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test func `a key is needed before the file`() async throws {
        let s3 = try await TestS3()
        var late = UploadForm(key: nil).signed()
        late.after = [("key", "cat.jpg")]

        for form in [UploadForm(key: nil).signed(), late] {
            let reply = await s3.post(form)
            #expect(reply.status == 400)
            #expect(reply.errorCode == "InvalidArgument")
            #expect(
                reply["Message"] == "Bucket POST must contain a field named 'key'.  If it is "
                    + "specified, please check the order of the fields."
            )
            #expect(reply["ArgumentName"] == "key")
            #expect(reply["ArgumentValue"]?.isEmpty == true)
        }
    }

    @Test func `a key has 1 to 1,024 bytes`() async throws {
        let s3 = try await TestS3()
        let longest = String(repeating: "k", count: Limits.keyBytes)

        #expect(await s3.post(UploadForm(key: longest).signed()).status == 204)
        let long = await s3.post(UploadForm(key: longest + "k").signed())
        #expect(long.errorCode == "KeyTooLongError")
        let empty = await s3.post(UploadForm(key: "").signed())
        #expect(empty["Message"] == "User key must have a length greater than 0.")
    }

    @Test(arguments: [("a//b", "a%2F%2Fb"), ("../x", "..%2Fx"), ("/", "%2F"), ("?a#b", "%3Fa%23b")])
    func `a key is taken as it comes`(key: String, target: String) async throws {
        let s3 = try await TestS3()

        #expect(await s3.post(UploadForm(key: key).signed()).status == 204)
        #expect(await s3.send(.GET, "/photos/\(target)").text == "meow")
    }

    @Test func `a field that comes twice is refused, but for those that are ignored`() async throws
    {
        let s3 = try await TestS3()
        var form = UploadForm().signed()
        form.fields.append(("KEY", "dog.jpg"))
        let reply = await s3.post(form)
        #expect(reply.errorCode == "InvalidArgument")
        #expect(reply["ArgumentName"] == "KEY")

        form.fields.removeLast()
        form.fields += [("x-ignore-a", "1"), ("X-Ignore-A", "2")]
        #expect(await s3.post(form).status == 204)
    }

    // The table of errors has IncorrectNumberOfFilesInPostRequest; this is what S3 sends.
    @Test func `one file is needed, and not two`() async throws {
        let s3 = try await TestS3()
        var none = UploadForm().signed()
        none.hasFile = false
        let reply = await s3.post(none)
        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidArgument")
        #expect(reply["Message"] == "POST requires exactly one file upload per request.")
        #expect(reply["ArgumentName"] == "file")
        #expect(reply["ArgumentValue"] == "0")

        var two = UploadForm().signed()
        two.after = [("file", "again")]
        #expect(
            await s3.post(two)["Message"] == "POST requires exactly one file upload per request."
        )
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test func `a form has 20 KiB beside its file, and not a byte more`() async throws {
        let s3 = try await TestS3()
        var form = UploadForm().signed()
        form.content = Array(repeating: 7, count: 100_000)
        form.fields.append(("x-ignore-fill", ""))
        let file = Array("\r\n--X--\r\n".utf8)
        let used = form.body.count - form.content.count - file.count
        form.fields[form.fields.count - 1].value = String(
            repeating: "x",
            count: Limits.formFieldBytes - used
        )
        for pieceSize in [1 << 20, 1000] {
            #expect(await s3.post(form.body, pieceSize: pieceSize).status == 204)
        }

        form.fields[form.fields.count - 1].value += "x"
        for pieceSize in [1 << 20, 1000] {
            let reply = await s3.post(form.body, pieceSize: pieceSize)
            #expect(reply.status == 400)
            #expect(reply.errorCode == "MaxPostPreDataLengthExceeded")
            #expect(reply["MaxPostPreDataLengthBytes"] == "20480")
        }
    }

    @Test func `what follows the file counts among those 20 KiB`() async throws {
        let s3 = try await TestS3()
        var form = UploadForm().signed()
        form.after = [("note", String(repeating: "x", count: Limits.formFieldBytes))]

        #expect(await s3.post(form).errorCode == "MaxPostPreDataLengthExceeded")
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test(arguments: [
        "x-amz-server-side-encryption-of-tomorrow",
        "x-amz-write-offset-bytes",
    ])
    func `a field that would change what the upload means is refused by name`(
        name: String
    ) async throws {
        let s3 = try await TestS3()
        var form = UploadForm()
        form.fields.append((name, "x"))

        let reply = await s3.post(form.signed())

        #expect(reply.status == 501)
        #expect(reply.errorCode == "NotImplemented")
        #expect(reply["Header"]?.hasSuffix(name) == true)
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test(arguments: [
        ("acl", "open-to-all", "InvalidArgument"),
        ("x-amz-storage-class", "COLD", "InvalidStorageClass"),
        ("x-amz-meta-a", String(repeating: "v", count: 2048), "MetadataTooLarge"),
        // Each of these would be written into somebody's response.
        ("Content-Type", "text/html\r\nSet-Cookie: a=b", "InvalidArgument"),
        ("x-amz-meta-a", "one\ntwo", "InvalidArgument"), ("x-amz-meta-a", "\0", "InvalidArgument"),
        ("x-amz-meta-a b", "x", "InvalidArgument"), ("x-amz-meta-a:", "x", "InvalidArgument"),
        ("success_action_redirect", "http://x/\r\nSet-Cookie: a=b", "InvalidArgument"),
    ])
    func `a value that an object cannot have is refused`(
        name: String,
        value: String,
        code: String
    ) async throws {
        var form = UploadForm()
        form.fields.append((name, value))

        let reply = try await TestS3().post(form.signed())

        #expect(reply.status == 400)
        #expect(reply.errorCode == code)
    }

    @Test func `headers of the request are not fields of the form`() async throws {
        let s3 = try await TestS3()

        let reply = await s3.post(
            UploadForm().signed(),
            headers: ["x-amz-meta-who": "Tom", "x-amz-storage-class": "COLD", "if-match": "x"]
        )

        #expect(reply.status == 204)
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").header("x-amz-meta-who") == nil)
    }

    @Test func `a form without a signature is nobody's`() async throws {
        let s3 = try await TestS3()
        var policyAlone = UploadForm().signed()
        policyAlone.fields.removeAll { $0.name.hasPrefix("x-amz-") }

        for form in [UploadForm(), policyAlone] {
            let reply = await s3.post(form)
            #expect(reply.status == 403)
            #expect(reply.errorCode == "AccessDenied")
            #expect(reply["Message"] == "Access Denied")
        }
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test func `a form whose head is signed too is refused`() async throws {
        let s3 = try await TestS3()
        let body = String(decoding: UploadForm().signed().body, as: UTF8.self)

        let reply = await s3.send(
            .POST,
            "/photos",
            body,
            headers: ["content-type": "multipart/form-data; boundary=X"]
        )

        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidRequest")
    }

    @Test func `a wrong signature shows the policy as the string to sign`() async throws {
        let s3 = try await TestS3()
        let form = UploadForm().signed(
            by: Credential(accessKey: TestS3.root.accessKey, secret: Secret("another"))
        )

        let reply = await s3.post(form)

        #expect(reply.status == 403)
        #expect(reply.errorCode == "SignatureDoesNotMatch")
        let policy = form.fields.first { $0.name == "policy" }?.value
        #expect(reply["StringToSign"] == policy)
        #expect(
            reply["Hint"] == "the secret key differs, or the policy is not the one that was signed"
        )
    }

    @Test func `a policy that is no JSON is only looked at once it is signed`() async throws {
        let s3 = try await TestS3()
        var form = UploadForm().signed(policy: "{")
        #expect(await s3.post(form).errorCode == "InvalidPolicyDocument")

        form.fields.removeLast()
        form.fields.append(("signature", "AAAA"))
        #expect(await s3.post(form).errorCode == "SignatureDoesNotMatch")
    }

    @Test func `strict and version 4 alone hold for forms too`() async throws {
        let strict = try await TestS3(
            configuration: ServiceConfiguration(region: "eu-west-1", isStrict: true)
        )
        let region = await strict.post(UploadForm().signed())
        #expect(region["ArgumentName"] == "X-Amz-Credential")
        #expect(region["Region"] == "eu-west-1")
        let chunked = await strict.post(HTTPBody(length: nil) { nil })
        #expect(chunked.errorCode == "NotImplemented")

        let v4Only = try await TestS3(configuration: ServiceConfiguration(sigV4Only: true))
        let v2 = UploadForm().signed(conditions: #"{"bucket": "photos"}, {"key": "cat.jpg"}"#)
        #expect(await v4Only.post(v2).errorCode == "InvalidRequest")
        #expect(await v4Only.post(UploadForm().signed()).status == 204)
    }
}
