import NIOHTTP1
import S3Protocol
import Signing
import Testing

/// The examples of AWS's own documentation.
@Suite struct PublishedExampleTests {
    static let credential = Credential(
        accessKey: "AKIAIOSFODNN7EXAMPLE",
        secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    )
    static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    static let may24 = Timestamp(seconds: 1_369_353_600)

    struct Example: Sendable, CustomStringConvertible {
        let name: String
        let method: String
        let target: String
        let headers: [(String, String)]
        let signature: String
        var description: String { name }

        func request(host: String) -> SignableRequest {
            SignableRequest(
                method: method,
                target: target,
                headers: HTTPHeaders([("Host", host)] + headers)
            )
        }
    }

    // <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#example-signature-calculations>
    static let v4 = [
        Example(
            name: "GET Object",
            method: "GET",
            target: "/test.txt",
            headers: [("Range", "bytes=0-9"), ("x-amz-content-sha256", empty)],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        ),
        Example(
            name: "PUT Object",
            method: "PUT",
            target: "/test$file.text",
            headers: [
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                (
                    "x-amz-content-sha256",
                    "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
                ),
            ],
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        ),
        Example(
            name: "GET Bucket lifecycle",
            method: "GET",
            target: "/?lifecycle",
            headers: [("x-amz-content-sha256", empty)],
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        ),
        Example(
            name: "List objects",
            method: "GET",
            target: "/?max-keys=2&prefix=J",
            headers: [("x-amz-content-sha256", empty)],
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        ),
    ]

    @Test(arguments: v4)
    func `the version 4 examples are signed as published`(example: Example) throws {
        let request = example.request(host: "examplebucket.s3.amazonaws.com")
        let hash = request.headers.first(name: "x-amz-content-sha256")
        let signed = SignatureV4.sign(
            request,
            by: Self.credential,
            region: "us-east-1",
            payload: try PayloadSigning(headerValue: hash),
            at: Self.may24
        )

        let authorization = try #require(signed.headers.first(name: "authorization"))
        #expect(authorization.hasSuffix("Signature=\(example.signature)"))
        #expect(isVerified(request, signed.headers, at: Self.may24))
    }

    // <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
    @Test func `the presigned example is signed as published`() throws {
        let request = SignableRequest(
            method: "GET",
            target: "/test.txt",
            headers: ["Host": "examplebucket.s3.amazonaws.com"]
        )
        let target = SignatureV4.presign(
            request,
            by: Self.credential,
            region: "us-east-1",
            expiresIn: 86400,
            at: Self.may24
        )
        let expected = """
            /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
            &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
            &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
            &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404
            """
        #expect(target == expected)
    }

    // <https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationExamples>
    static let v2 = [
        Example(
            name: "Object GET",
            method: "GET",
            target: "/photos/puppy.jpg",
            headers: [("Date", "Tue, 27 Mar 2007 19:36:42 +0000")],
            signature: "bWq2s1WEIj+Ydj0vQ697zp+IXMU="
        ),
        Example(
            name: "Object PUT",
            method: "PUT",
            target: "/photos/puppy.jpg",
            headers: [
                ("Content-Type", "image/jpeg"), ("Content-Length", "94328"),
                ("Date", "Tue, 27 Mar 2007 21:15:45 +0000"),
            ],
            signature: "MyyxeRY7whkBe+bq8fHCL/2kKUg="
        ),
        Example(
            name: "List",
            method: "GET",
            target: "/?prefix=photos&max-keys=50&marker=puppy",
            headers: [("Date", "Tue, 27 Mar 2007 19:42:41 +0000")],
            signature: "htDYFYduRNen8P9ZfE/s9SuKy0U="
        ),
        Example(
            name: "Fetch",
            method: "GET",
            target: "/?acl",
            headers: [("Date", "Tue, 27 Mar 2007 19:44:46 +0000")],
            signature: "c2WLPFtWHVgbEmeEG93a4cG37dM="
        ),
    ]

    @Test(arguments: v2)
    func `the version 2 examples verify`(example: Example) throws {
        var request = example.request(host: "johnsmith.s3.amazonaws.com")
        let credential = "AWS \(Self.credential.accessKey):\(example.signature)"
        request.headers.add(name: "Authorization", value: credential)
        let date = try #require(request.headers.first(name: "date"))
        let moment = try #require(HTTPDate.parse(date))
        #expect(isVerified(request, request.headers, bucket: "johnsmith", at: moment))
    }

    @Test func `the version 2 example with metadata verifies`() throws {
        let request = SignableRequest(
            method: "PUT",
            target: "/db-backup.dat.gz",
            headers: [
                "Host": "static.johnsmith.net:8080", "Date": "Tue, 27 Mar 2007 21:06:08 +0000",
                "x-amz-acl": "public-read", "content-type": "application/x-download",
                "Content-MD5": "4gJE4saaMU4BqNR0kLY+lw==",
                "X-Amz-Meta-ReviewedBy": "joe@johnsmith.net",
                "X-Amz-Meta-ReviewedBy": "jane@johnsmith.net",
                "X-Amz-Meta-FileChecksum": "0x02661779", "X-Amz-Meta-ChecksumAlgorithm": "crc32",
                "Content-Disposition": "attachment; filename=database.dat",
                "Content-Encoding": "gzip", "Content-Length": "5913339",
                "Authorization": "AWS AKIAIOSFODNN7EXAMPLE:ilyl83RwaSoYIEdixDQcA4OnAnc=",
            ]
        )
        let moment = try #require(HTTPDate.parse("Tue, 27 Mar 2007 21:06:08 +0000"))
        #expect(isVerified(request, request.headers, bucket: "static.johnsmith.net", at: moment))
    }

    @Test func `the version 2 examples without a bucket in the host verify`() throws {
        for (target, date, signature) in [
            ("/", "Wed, 28 Mar 2007 01:29:59 +0000", "qGdzdERIC03wnaRNKh6OqZehG9s="),
            (
                "/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re", "Wed, 28 Mar 2007 01:49:49 +0000",
                "DNEZGsoieTZ92F3bUfSPQcbGmlM="
            ),
        ] {
            let request = SignableRequest(
                method: "GET",
                target: target,
                headers: [
                    "Host": "s3.amazonaws.com", "Date": date,
                    "Authorization": "AWS AKIAIOSFODNN7EXAMPLE:\(signature)",
                ]
            )
            let moment = try #require(HTTPDate.parse(date))
            #expect(isVerified(request, request.headers, at: moment))
        }
    }

    // <https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth>
    @Test func `the version 2 query example verifies`() throws {
        let request = SignableRequest(
            method: "GET",
            target: """
                /photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE\
                &Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620
                """,
            headers: ["Host": "johnsmith.s3.amazonaws.com"]
        )
        let moment = Timestamp(seconds: 1_175_139_620)
        #expect(isVerified(request, request.headers, bucket: "johnsmith", at: moment))
    }

    private func isVerified(
        _ request: SignableRequest,
        _ headers: HTTPHeaders,
        bucket: String? = nil,
        at moment: Timestamp
    ) -> Bool {
        var request = request
        request.headers = headers
        let verifier = Verifier(region: "us-east-1", isStrict: true, time: ManualTime(moment))
        let verification = try? verifier.verify(request, virtualHostBucket: bucket) { _ in
            Self.credential
        }
        guard case .verified = verification else { return false }
        return true
    }
}
