import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import TestSupport
import Testing

/// What the tests say about encryption, in one word each.
enum Encrypted {
    static let managed: HTTPHeaders = ["x-amz-server-side-encryption": "AES256"]
    static let named: HTTPHeaders = [
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "holiday",
    ]

    /// The headers of a client's key that is one byte, over and over.
    static func customer(_ byte: UInt8 = 0x42, ofSource: Bool = false) -> HTTPHeaders {
        let key = [UInt8](repeating: byte, count: 32)
        let prefix =
            (ofSource ? "x-amz-copy-source-" : "x-amz-") + "server-side-encryption-customer-"
        return [
            "\(prefix)algorithm": "AES256", "\(prefix)key": Base64.encode(key),
            "\(prefix)key-MD5": Base64.encode(HashFunction.hash(.md5, key)),
        ]
    }
}

extension HTTPHeaders {
    func with(_ other: HTTPHeaders) -> HTTPHeaders {
        var all = self
        for (name, value) in other { all.replaceOrAdd(name: name, value: value) }
        return all
    }

    func without(_ name: String) -> HTTPHeaders {
        var all = self
        all.remove(name: name)
        return all
    }
}

extension Reply {
    /// What the reply says about encryption, by the end of each name.
    var encryption: [String: String] {
        let prefix = "x-amz-server-side-encryption"
        var said: [String: String] = [:]
        for (name, value) in headers where name.hasPrefix(prefix) {
            said[String(name.dropFirst(prefix.count))] = value
        }
        return said
    }
}

@Suite struct EncryptionTests {
    private static let keyARN = "arn:aws:kms:us-east-1:000000000000:key/holiday"

    @Test func `what asks for no encryption gets none, and no reply claims one`() async throws {
        let s3 = try await TestS3()
        for reply in [
            await s3.send(.PUT, "/photos/k", "meow"), await s3.send(.GET, "/photos/k"),
            await s3.send(.HEAD, "/photos/k"),
        ] {
            #expect(reply.status == 200)
            #expect(reply.encryption == [:])
        }
    }

    @Test func `SSE-S3 is told by writes and reads, and its tag is the MD5`() async throws {
        let s3 = try await TestS3()
        let put = await s3.send(.PUT, "/photos/k", "meow", headers: Encrypted.managed)
        let get = await s3.send(.GET, "/photos/k")
        let head = await s3.send(.HEAD, "/photos/k")
        for reply in [put, get, head] { #expect(reply.encryption == ["": "AES256"]) }
        #expect(get.text == "meow")
        #expect(
            put.header("ETag") == "\"\(Hex.encode(HashFunction.hash(.md5, Array("meow".utf8))))\""
        )
        #expect(get.header("ETag") == put.header("ETag"))
        let range = await s3.send(.GET, "/photos/k", headers: ["Range": "bytes=1-2"])
        #expect(range.text == "eo")
        #expect(range.encryption == ["": "AES256"])
    }

    @Test func `SSE-KMS completes the name of its key, and keeps its context to itself`()
        async throws
    {
        let s3 = try await TestS3()
        let context = Base64.encode(Array(#"{"who":"Tom"}"#.utf8))
        let headers = Encrypted.named.with([
            "x-amz-server-side-encryption-context": context,
            "x-amz-server-side-encryption-bucket-key-enabled": "true",
        ])
        let put = await s3.send(.PUT, "/photos/k", "meow", headers: headers)
        let shown = ["": "aws:kms", "-aws-kms-key-id": Self.keyARN, "-bucket-key-enabled": "true"]
        #expect(put.encryption == shown.merging(["-context": context]) { $1 })
        let get = await s3.send(.GET, "/photos/k")
        #expect(get.encryption == shown)
        #expect(get.text == "meow")
        #expect(
            get.header("ETag") != "\"\(Hex.encode(HashFunction.hash(.md5, Array("meow".utf8))))\""
        )
    }

    @Test(arguments: [
        (nil, "arn:aws:kms:us-east-1:000000000000:alias/aws/s3"),
        ("alias/mine", "arn:aws:kms:us-east-1:000000000000:alias/mine"),
        (
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        ),
        (
            "arn:aws:kms:eu-west-1:111122223333:key/k", "arn:aws:kms:eu-west-1:111122223333:key/k"
        ),
    ])
    func `a key is named by its ID, its alias or its ARN`(
        name: String?,
        full: String
    ) async throws {
        let s3 = try await TestS3()
        var headers: HTTPHeaders = ["x-amz-server-side-encryption": "aws:kms"]
        if let name {
            headers.add(name: "x-amz-server-side-encryption-aws-kms-key-id", value: name)
        }
        let reply = await s3.send(.PUT, "/photos/k", "x", headers: headers)
        #expect(reply.header("x-amz-server-side-encryption-aws-kms-key-id") == full)
        #expect(await s3.send(.GET, "/photos/k").text == "x")
    }

    @Test(arguments: [
        "aws/s3", "a b", "arn:aws:kms:us-east-1:1:key/k", "arn:aws:s3:::photos", "alias/",
    ])
    func `a key's name that cannot be one is not found`(name: String) async throws {
        let s3 = try await TestS3()
        let headers = Encrypted.named.with([
            "x-amz-server-side-encryption-aws-kms-key-id": name
        ])
        let reply = await s3.send(.PUT, "/photos/k", "x", headers: headers)
        #expect(reply.status == 400)
        #expect(reply.errorCode == "KMS.NotFoundException")
        #expect(await s3.send(.HEAD, "/photos/k").status == 404)
    }

    @Test func `SSE-C confirms the key on writes and reads, and hides the MD5`() async throws {
        let s3 = try await TestS3()
        let key = Encrypted.customer()
        let md5 = try #require(key.first(name: "x-amz-server-side-encryption-customer-key-MD5"))
        let put = await s3.send(.PUT, "/photos/k", "meow", headers: key)
        let get = await s3.send(.GET, "/photos/k", headers: key)
        let head = await s3.send(.HEAD, "/photos/k", headers: key)
        for reply in [put, get, head] {
            #expect(reply.status == 200)
            #expect(
                reply.encryption == ["-customer-algorithm": "AES256", "-customer-key-MD5": md5]
            )
        }
        #expect(get.text == "meow")
        let tag = "\"\(Hex.encode(HashFunction.hash(.md5, Array("meow".utf8))))\""
        #expect(put.header("ETag") != tag)
        #expect(get.header("ETag") == put.header("ETag"))
        let again = await s3.send(.PUT, "/photos/again", "meow", headers: key)
        #expect(again.header("ETag") != put.header("ETag"))
    }

    @Test func `an object under a client's key is told apart from others by every reader`()
        async throws
    {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "meow", headers: Encrypted.customer())
        _ = await s3.send(.PUT, "/photos/clear", "meow")
        let attributes: HTTPHeaders = ["x-amz-object-attributes": "ETag"]
        for target in ["/photos/k", "/photos/k?attributes"] {
            let missing = await s3.send(.GET, target, headers: attributes)
            #expect(missing.status == 400)
            #expect(missing.errorCode == "InvalidRequest")
            #expect(
                missing["Message"]
                    == "The object was stored using a form of Server Side Encryption. The correct "
                    + "parameters must be provided to retrieve the object."
            )
            let wrong = await s3.send(
                .GET,
                target,
                headers: attributes.with(Encrypted.customer(0x43))
            )
            #expect(wrong.status == 403)
            #expect(wrong.errorCode == "AccessDenied")
            let right = await s3.send(.GET, target, headers: attributes.with(Encrypted.customer()))
            #expect(right.status == 200)
        }
        #expect(await s3.send(.HEAD, "/photos/k").status == 400)
        let clear = await s3.send(.GET, "/photos/clear", headers: Encrypted.customer())
        #expect(clear.status == 400)
        #expect(clear.errorCode == "InvalidRequest")
        #expect(clear["Message"] == "The encryption parameters are not applicable to this object.")
        #expect(await s3.send(.DELETE, "/photos/k").status == 204)
    }

    static let brokenKeys: [(HTTPHeaders, String, String)] = {
        let whole = Encrypted.customer()
        let prefix = "x-amz-server-side-encryption-customer-"
        let short = [UInt8](repeating: 1, count: 16)
        let subject = "Requests specifying Server Side Encryption with Customer provided keys must"
        return [
            (
                whole.without("\(prefix)algorithm"), "InvalidArgument",
                "\(subject) provide a valid encryption algorithm."
            ),
            (
                whole.with(["\(prefix)algorithm": "AES192"]), "InvalidEncryptionAlgorithmError",
                "The Encryption request you specified is not valid. Supported value: AES256."
            ),
            (
                ["\(prefix)algorithm": "AES256"], "InvalidArgument",
                "\(subject) provide an appropriate secret key."
            ),
            (
                whole.without("\(prefix)key-MD5"), "InvalidArgument",
                "\(subject) provide the client calculated MD5 of the secret key."
            ),
            (
                whole.with(["\(prefix)key-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="]), "InvalidArgument",
                "The calculated MD5 hash of the key did not match the hash that was provided."
            ),
            (
                whole.with([
                    "\(prefix)key": Base64.encode(short),
                    "\(prefix)key-MD5": Base64.encode(HashFunction.hash(.md5, short)),
                ]), "InvalidArgument", "The secret key was invalid for the specified algorithm."
            ),
            (
                whole.with(Encrypted.managed), "InvalidArgument",
                "Server Side Encryption with Customer provided key is incompatible with the "
                    + "encryption method specified"
            ),
            (
                ["x-amz-server-side-encryption": "aes256"], "InvalidArgument",
                "The encryption method specified is not supported"
            ),
            (
                ["x-amz-server-side-encryption": ""], "InvalidArgument",
                "The encryption method specified is not supported"
            ),
            (
                Encrypted.named.with(Encrypted.managed), "InvalidArgument",
                "Server Side Encryption with AWS KMS managed key requires HTTP header "
                    + "x-amz-server-side-encryption : aws:kms"
            ),
            (
                Encrypted.named.without("x-amz-server-side-encryption"), "InvalidArgument",
                "Server Side Encryption with AWS KMS managed key requires HTTP header "
                    + "x-amz-server-side-encryption : aws:kms"
            ),
            (
                Encrypted.named.with(["x-amz-server-side-encryption-context": "{}"]),
                "InvalidArgument",
                "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 "
                    + "string holding JSON which represents a string-string map"
            ),
        ]
    }()

    @Test(arguments: brokenKeys.indices)
    func `encryption that contradicts itself is refused by every write`(place: Int) async throws {
        let (headers, code, message) = Self.brokenKeys[place]
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/source", "x")
        for reply in [
            await s3.send(.PUT, "/photos/k", "x", headers: headers),
            await s3.send(.POST, "/photos/k?uploads", headers: headers),
            await s3.send(
                .PUT,
                "/photos/k",
                headers: headers.with(["x-amz-copy-source": "photos/source"])
            ),
        ] {
            #expect(reply.status == 400)
            #expect(reply.errorCode == code)
            #expect(reply["Message"] == message)
            #expect(!reply.text.contains("QkJCQkJC"))
        }
        #expect(await s3.send(.HEAD, "/photos/k").status == 404)
    }

    @Test func `a read that says how to encrypt is refused`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x", headers: Encrypted.managed)
        for target in ["/photos/k", "/photos?list-type=2"] {
            let reply = await s3.send(.GET, target, headers: Encrypted.managed)
            #expect(reply.status == 400)
            #expect(reply.errorCode == "InvalidArgument")
            #expect(reply["ArgumentName"] == "x-amz-server-side-encryption")
        }
        let list = await s3.send(.GET, "/photos?list-type=2", headers: Encrypted.customer())
        #expect(list.errorCode == "InvalidArgument")
        #expect(!list.text.contains("QkJCQkJC"))
        let query = await s3.send(.PUT, "/photos/q?x-amz-server-side-encryption=AES256", "x")
        #expect(query.errorCode == "NotImplemented")
        #expect(await s3.send(.HEAD, "/photos/q").status == 404)
    }

    @Test(arguments: [
        ("127.0.0.1", false, true), ("127.8.9.1", false, true), ("::1", false, true),
        ("::ffff:127.0.0.1", false, true), ("192.168.1.7", false, false),
        ("fe80::1", false, false), ("192.168.1.7", true, true),
    ])
    func `keys travel through TLS or within this machine`(
        peer: String,
        isSecure: Bool,
        isTaken: Bool
    ) async throws {
        let s3 = try await TestS3()
        for (headers, subject) in [
            (Encrypted.customer(), "Customer provided keys"),
            (Encrypted.named, "AWS KMS managed keys"),
        ] {
            let reply = await s3.raw(
                .signed(
                    .PUT,
                    "/photos/k",
                    Array("x".utf8),
                    headers: headers,
                    by: TestS3.root,
                    at: s3.time.now(),
                    peer: peer,
                    isSecure: isSecure
                )
            )
            #expect(reply.status == (isTaken ? 200 : 400))
            guard !isTaken else { continue }
            #expect(reply.errorCode == "InvalidArgument")
            #expect(
                reply["Message"]
                    == "Requests specifying Server Side Encryption with \(subject) must be made over a "
                    + "secure connection."
            )
        }
    }
}
