import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import S3Service
import Signing
import Synchronization
import Testing

/// What a policy allows, and what it says where it does not.
///
/// Where AWS's table of errors and its answers differ, the answers count.
@Suite struct PostPolicyDocumentTests {
    /// Conditions that every form here needs beside the one that is tested.
    private static let base = #"{"bucket": "photos"}, ["starts-with", "$key", ""]"#

    @Test(arguments: [
        (#"{"acl": "private"}"#, "acl", "private"),
        (#"["eq", "$acl", "private"]"#, "acl", "private"),
        (#"["EQ", "$ACL", "private"]"#, "aCL", "private"),
        (#"["StArTs-WiTh", "$x-amz-meta-Who", "To"]"#, "x-amz-META-who", "Tom"),
        (#"["starts-with", "$x-amz-meta-who", ""]"#, "x-amz-meta-who", ""),
        (#"["starts-with", "$Content-Type", "image/"]"#, "content-type", "image/png, image/gif"),
        (#"["eq", "$x-amz-meta-a", "\$5 \v"]"#, "x-amz-meta-a", "$5 \u{B}"),
        (#"["starts-with", "$any", "x"]"#, "any", "x"),
        (
            #"["eq", "$x-amz-meta-a", "1"], ["starts-with", "$x-amz-meta-a", ""]"#, "x-amz-meta-a",
            "1"
        ),
    ])
    func `a condition that is met lets the field pass`(
        condition: String,
        field: String,
        value: String
    ) async throws {
        var form = UploadForm()
        form.fields.append((field, value))

        let s3 = try await TestS3.legacy()
        let reply = await s3.post(form.signed(conditions: "\(Self.base), \(condition)"))

        // A vertical tab may be in a policy, and in no header.
        #expect(reply.status == (value.contains("\u{B}") ? 400 : 204))
        #expect(reply.errorCode == (value.contains("\u{B}") ? "InvalidArgument" : nil))
    }

    @Test(
        arguments: [
            (#"{"acl": "public-read"}"#, "private", #"["eq", "$acl", "public-read"]"#),
            (#"{"Acl": "Private"}"#, "private", #"["eq", "$Acl", "Private"]"#),
            (#"["eq", "$acl", "privat"]"#, "private", #"["eq", "$acl", "privat"]"#),
            (#"["eq","$ACL","a\"b"]"#, "private", #"["eq", "$ACL", "a\"b"]"#),
            (#"["starts-with", "$acl", "P"]"#, "private", #"["starts-with", "$acl", "P"]"#),
            (#"["eq", "acl", "private"]"#, "private", #"["eq", "acl", "private"]"#),
            // A field that did not come meets not even an empty beginning.
            (#"["starts-with", "$acl", ""]"#, nil, #"["starts-with", "$acl", ""]"#),
            (#"["eq", "$acl", ""]"#, nil, #"["eq", "$acl", ""]"#),
            (#"["content-length-range", "a", "9"]"#, nil, #"["content-length-range", "a", "9"]"#),
            (
                #"["starts-with", "$x-ignore-a", ""]"#, nil, #"["starts-with", "$x-ignore-a", ""]"#
            ),
        ] as [(String, String?, String)]
    )
    func `a condition that fails is shown as an array`(
        condition: String,
        acl: String?,
        shown: String
    ) async throws {
        let s3 = try await TestS3()
        var form = UploadForm()
        if let acl { form.fields.append(("acl", acl)) }

        let reply = await s3.post(form.signed(conditions: "\(Self.base), \(condition)"))

        #expect(reply.status == 403)
        #expect(reply.errorCode == "AccessDenied")
        let escaped = shown.replacing("\"", with: "&quot;")
        #expect(
            reply["Message"] == "Invalid according to Policy: Policy Condition failed: \(escaped)"
        )
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test func `each of several content types must begin as the condition says`() async throws {
        var form = UploadForm()
        form.fields.append(("Content-Type", "image/png,text/html"))
        let condition = #"["starts-with", "$Content-Type", "image/"]"#

        let s3 = try await TestS3.legacy()
        let reply = await s3.post(form.signed(conditions: "\(Self.base), \(condition)"))

        #expect(reply.errorCode == "AccessDenied")
    }

    @Test(arguments: [
        ("StorageClass", "x", "StorageClass"), ("X-Amz-Meta-A", "x", "X-Amz-Meta-A"),
        ("Content-MD5", "x", "Content-MD5"),
        ("success_action_status", "201", "success_action_status"),
    ])
    func `a field that no condition names is refused as it is spelled`(
        name: String,
        value: String,
        spelled: String
    ) async throws {
        var form = UploadForm()
        form.fields.append((name, value))

        let reply = try await TestS3().post(form.signed(conditions: Self.base))

        #expect(reply.status == 403)
        #expect(reply["Message"] == "Invalid according to Policy: Extra input fields: \(spelled)")
    }

    @Test func `the fields that sign by version 4 need conditions too`() async throws {
        let s3 = try await TestS3()
        let policy = PostPolicy(
            conditions: [.equals(field: "bucket", value: "photos")],
            expiration: TestS3.start
        )
        var form = UploadForm(key: nil)
        form.fields += policy.sign(by: TestS3.root, region: "us-east-1", at: TestS3.start)
        form.fields.append(("key", "cat.jpg"))

        // Its own fields are named by the policy that signs them; the key is not.
        let reply = await s3.post(form)
        #expect(reply["Message"] == "Invalid according to Policy: Extra input fields: key")
    }

    @Test func `the bucket needs a condition, and is the one that the form was sent to`()
        async throws
    {
        let s3 = try await TestS3(buckets: ["photos", "other"])

        let unnamed = await s3.post(UploadForm().signed(conditions: #"{"key": "cat.jpg"}"#))
        #expect(unnamed["Message"] == "Invalid according to Policy: Extra input fields: bucket")

        var form = UploadForm()
        form.fields.append(("bucket", "photos"))
        let elsewhere = await s3.post(form.signed(conditions: Self.base), to: "/other")
        #expect(elsewhere.status == 403)
        #expect(elsewhere["Message"]?.contains("$bucket") == true)
        #expect(await s3.post(form.signed(conditions: Self.base)).status == 204)
    }

    @Test func `a policy is good until its expiration and not a second longer`() async throws {
        let s3 = try await TestS3()
        let form = UploadForm().signed(
            conditions: Self.base,
            expiration: "2023-11-14T22:13:21.000Z"
        )
        s3.time.advance(bySeconds: 1)
        #expect(await s3.post(form).status == 204)

        s3.time.advance(bySeconds: 1)
        let reply = await s3.post(form)
        #expect(reply.status == 403)
        #expect(reply["Message"] == "Invalid according to Policy: Policy expired.")
    }

    @Test(arguments: [
        ("", "Invalid JSON."), ("{", "Invalid JSON."), ("[]", "Invalid JSON."),
        (#"{"expiration": "2030-01-01T00:00:00Z", "conditions": [],}"#, "Invalid JSON."),
        (
            #"{"expiration": "2030-01-01T00:00:00Z", "expiration": "2031-01-01T00:00:00Z"}"#,
            "Invalid JSON."
        ),
        (#"{"conditions": []}"#, "Policy missing expiration."),
        (#"{"EXPIRATION": "2030-01-01T00:00:00Z", "conditions": []}"#, "Unexpected: 'expiration'"),
        (#"{"expiration": "2030-01-01T00:00:00Z"}"#, "Policy missing conditions."),
        (#"{"expiration": "2030-01-01T00:00:00Z", "CONDITIONS": []}"#, "Unexpected: 'conditions'"),
        (#"{"Version": "2012-10-17", "conditions": []}"#, "Unexpected: 'version'"),
        (
            #"{"expiration": "2030-01-01T00:00:00Z", "conditions": {}}"#,
            "Invalid 'conditions' value: must be a List."
        ),
    ])
    func `a policy that is none is refused with its reason`(
        policy: String,
        reason: String
    ) async throws {
        let reply = try await TestS3().post(UploadForm().signed(policy: policy))

        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidPolicyDocument")
        #expect(reply["Message"] == "Invalid Policy: \(reason)")
    }

    @Test(arguments: [
        "2030-01-01 00:00:00Z", "2030-01-01T00:00:00+02:00", "2030-01-01T00:00:00",
        "20300101T000000Z",
        "2030-02-30T00:00:00Z", "2030-01-01", "tomorrow", "",
    ])
    func `an expiration is a moment in UTC`(expiration: String) async throws {
        let form = UploadForm().signed(conditions: Self.base, expiration: expiration)

        let reply = try await TestS3().post(form)

        #expect(reply.status == 400)
        #expect(reply["Message"] == "Invalid Policy: Invalid 'expiration' value: '\(expiration)'")
    }

    @Test(arguments: [
        "{}", #"{"acl": "private", "key": "a"}"#, #"{"acl": 1}"#, #"{"acl": null}"#, #""bucket""#,
        "1", "[]", "[1]", #"["eq"]"#, #"["eq", "$key"]"#, #"["eq", "$key", "a", "b"]"#,
        #"["eq", "$key", 1]"#, #"["ends-with", "$key", "x"]"#, #"["content-length-range", 0]"#,
        #"["content-length-range", -1, 0]"#, #"["content-length-range", 0, 512.0]"#,
        #"["content-length-range", 0, true]"#,
        #"["content-length-range", 0, 99999999999999999999]"#,
    ])
    func `a condition that cannot be read is refused`(condition: String) async throws {
        let reply = try await TestS3().post(
            UploadForm().signed(conditions: "\(Self.base), \(condition)")
        )

        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidPolicyDocument")
    }
}

/// `content-length-range`, held to while the file arrives.
@Suite struct ContentLengthRangeTests {
    @Test(
        arguments: [
            (#"["content-length-range", 4, 4]"#, 4, nil),
            (#"["content-length-range", "0", "9"]"#, 4, nil),
            (#"["content-length-range", 0, 0]"#, 0, nil),
            (#"["content-length-range", 0, 3]"#, 4, "EntityTooLarge"),
            (#"["content-length-range", 5, 9]"#, 4, "EntityTooSmall"),
            (#"["content-length-range", 9, 5]"#, 7, "EntityTooLarge"),
            (
                #"["content-length-range", 0, 9], ["content-length-range", 5, 99]"#, 4,
                "EntityTooSmall"
            ),
        ] as [(String, Int, String?)]
    )
    func `a file has a size within all ranges, bounds included`(
        ranges: String,
        size: Int,
        code: String?
    ) async throws {
        let s3 = try await TestS3()
        var form = UploadForm().signed(
            conditions: #"{"bucket": "photos"}, {"key": "cat.jpg"}, \#(ranges)"#
        )
        form.content = Array(repeating: 1, count: size)

        let reply = await s3.post(form)

        #expect(reply.status == (code == nil ? 204 : 400))
        #expect(reply.errorCode == code)
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == (code == nil ? 200 : 404))
    }

    @Test func `the errors name the size and the bound`() async throws {
        let s3 = try await TestS3()
        let large = await s3.post(UploadForm().signed(also: [.contentLength(1...3)]))
        #expect(large["Message"] == "Your proposed upload exceeds the maximum allowed size")
        #expect(large["ProposedSize"] == "4")
        #expect(large["MaxSizeAllowed"] == "3")

        let small = await s3.post(UploadForm().signed(also: [.contentLength(5...9)]))
        #expect(small["Message"] == "Your proposed upload is smaller than the minimum allowed size")
        #expect(small["ProposedSize"] == "4")
        #expect(small["MinSizeAllowed"] == "5")
    }

    @Test func `a file that grows too large is not read to its end`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/cat.jpg", "woof")
        var form = UploadForm().signed(also: [.contentLength(0...1_000_000)])
        form.content = []
        let head = form.body.dropLast(Array("\r\n--X--\r\n".utf8).count)
        let asked = Mutex(0)
        let body = HTTPBody(length: 1 << 40) {
            asked.withLock { asked in
                asked += 1
                return asked == 1
                    ? ByteBuffer(bytes: head) : ByteBuffer(repeating: 7, count: 100_000)
            }
        }

        let reply = await s3.post(body)

        #expect(reply.errorCode == "EntityTooLarge")
        #expect(asked.withLock { $0 } == 12)
        #expect(await s3.send(.GET, "/photos/cat.jpg").text == "woof")
    }
}
