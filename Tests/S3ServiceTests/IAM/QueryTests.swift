import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@Suite struct QueryTests {
    @Test func `a form that is not rightly signed is refused in IAM's words`() async throws {
        let test = try await TestS3()
        let wrong = Credential(accessKey: TestS3.root.accessKey, secret: Secret("wrong"))
        let nobody = Credential(accessKey: "AKIANOBODY", secret: Secret("x"))
        let cases: [(Reply, Int, String)] = [
            (await test.iam("ListUsers", as: wrong), 403, "SignatureDoesNotMatch"),
            (await test.iam("ListUsers", as: nobody), 403, "InvalidClientTokenId"),
            (
                await test.query("iam", "2010-05-08", "ListUsers", [], as: nil),
                403, "MissingAuthenticationToken"
            ),
            (
                await test.query(
                    "iam",
                    "2010-05-08",
                    "ListUsers",
                    [],
                    as: TestS3.root,
                    sending: "Action=DeleteUser&Version=2010-05-08&UserName=ann"
                ), 403, "SignatureDoesNotMatch"
            ),
            (await test.iam("MakeCoffee"), 400, "InvalidAction"),
            (
                await test.query("iam", "2010-05-08", "GetCallerIdentity", [], as: TestS3.root),
                400, "InvalidAction"
            ),
            (
                await test.query("iam", "2009-01-01", "ListUsers", [], as: TestS3.root),
                400, "InvalidAction"
            ),
        ]
        for (reply, status, code) in cases {
            #expect((reply.status, reply.errorCode) == (status, code))
            #expect(reply.text.contains("<ErrorResponse xmlns=\"https://iam.amazonaws.com/"))
        }
    }

    @Test func `a form whose body ends early is the client's error, signed or not`() async throws {
        let test = try await TestS3()
        let hash = Hex.encode(HashFunction.hash(.sha256, Array("Action=ListUsers".utf8)))
        let plain: HTTPHeaders = [
            "host": "127.0.0.1:9000", "content-type": "application/x-www-form-urlencoded",
        ]
        func signed(_ payload: PayloadSigning) -> HTTPHeaders {
            SignatureV4.sign(
                SignableRequest(method: "POST", target: "/", headers: plain),
                by: TestS3.root,
                region: "us-east-1",
                service: "iam",
                payload: payload,
                bodySHA256: hash,
                at: test.time.now()
            ).headers
        }
        for headers in [plain, signed(.absent), signed(.sha256(hash))] {
            for (error, status, code) in [
                (HTTPBodyError.connectionClosed, 400, "RequestAbortedException"),
                (.stalled, 408, "RequestTimeoutException"),
            ] {
                let reply = await test.raw(
                    HTTPRequest(
                        method: .POST,
                        target: "/",
                        headers: headers,
                        body: HTTPBody(length: 100) { throw error }
                    )
                )
                #expect((reply.status, reply.errorCode) == (status, code))
                #expect(reply["Type"] == "Sender")
            }
        }
    }

    @Test func `a clock that is wrong is refused`() async throws {
        let test = try await TestS3()
        let body = "Action=ListUsers&Version=2010-05-08"
        let signed = SignatureV4.sign(
            SignableRequest(
                method: "POST",
                target: "/",
                headers: ["host": "h", "content-type": "application/x-www-form-urlencoded"]
            ),
            by: TestS3.root,
            region: "us-east-1",
            service: "iam",
            payload: .absent,
            at: test.time.now().advanced(bySeconds: -901)
        ).headers
        let reply = await test.raw(
            HTTPRequest(
                method: .POST,
                target: "/",
                headers: signed,
                body: HTTPBody(ByteBuffer(string: body))
            )
        )
        #expect((reply.status, reply.errorCode) == (403, "SignatureDoesNotMatch"))
        #expect(reply["Message"]?.hasPrefix("Signature expired") == true)
    }

    @Test func `what is signed for S3 stays S3's, also a form`() async throws {
        let test = try await TestS3()
        let reply = await test.query(
            "iam",
            "2010-05-08",
            "ListUsers",
            [],
            as: TestS3.root,
            scope: "s3"
        )
        #expect(reply.errorCode == "MethodNotAllowed")
        #expect(!reply.text.contains("ErrorResponse"))
        let form = await test.anonymous(
            .POST,
            "/",
            "Action=ListUsers",
            headers: ["content-type": "application/x-www-form-urlencoded"],
            host: "photos.s3.localhost"
        )
        #expect(form.errorCode == "PreconditionFailed")
    }
}
