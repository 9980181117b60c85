import HTTPMessage
import NIOHTTP1
import Signing
import Testing

@testable import S3Service

// [Requester Pays buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html)
@Suite struct RequestPaymentTests {
    private let pays: HTTPHeaders = ["x-amz-request-payer": "requester"]

    private func document(_ payer: String) -> String {
        "<RequestPaymentConfiguration><Payer>\(payer)</Payer></RequestPaymentConfiguration>"
    }

    /// A bucket whose visitors pay, open to everybody, and somebody of another account.
    private func prepared() async throws -> (TestS3, Credential) {
        let s3 = try await TestS3(buckets: ["photos", "mine"])
        let other = try await s3.user("eve", account: "other", policy: "AmazonS3FullAccess")
        _ = await s3.send(.DELETE, "/photos?publicAccessBlock")
        let allowed = await s3.allow(
            """
            {"Effect": "Allow", "Principal": "*", "Action": "s3:*", \
            "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"]}
            """
        )
        #expect(allowed.status == 204)
        _ = await s3.send(.PUT, "/photos/a", "x")
        #expect(await s3.send(.PUT, "/photos?requestPayment", document("Requester")).status == 200)
        return (s3, other)
    }

    @Test func `the owner pays until something else is said`() async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.GET, "/photos?requestPayment")["Payer"] == "BucketOwner")
        #expect(
            await s3.send(.PUT, "/photos?requestPayment", document("Nobody")).errorCode
                == "MalformedXML"
        )
        for payer in ["Requester", "BucketOwner"] {
            #expect(await s3.send(.PUT, "/photos?requestPayment", document(payer)).status == 200)
            #expect(await s3.send(.GET, "/photos?requestPayment")["Payer"] == payer)
        }
    }

    @Test func `another account must say that it pays, and is told that it did`() async throws {
        let (s3, other) = try await prepared()

        for (method, target) in [
            (HTTPMethod.GET, "/photos/a"), (.HEAD, "/photos/a"), (.GET, "/photos"),
            (.PUT, "/photos/b"), (.DELETE, "/photos/b"), (.GET, "/photos/a?tagging"),
        ] {
            let refused = await s3.send(method, target, as: other)
            #expect(refused.status == 403, "\(method) \(target)")
            let paid = await s3.send(method, target, headers: pays, as: other)
            #expect((200..<300).contains(paid.status), "\(method) \(target)")
            #expect(paid.header("x-amz-request-charged") == "requester")
        }
        let wrong: HTTPHeaders = ["x-amz-request-payer": "somebody"]
        #expect(
            await s3.send(.GET, "/photos/a", headers: wrong, as: other).errorCode == "AccessDenied"
        )
        #expect(
            await s3.send(.GET, "/photos/a?x-amz-request-payer=requester", as: other).status == 200
        )
    }

    @Test func `the owner's account needs say nothing and is not charged`() async throws {
        let (s3, _) = try await prepared()
        let user = try await s3.user("ann", policy: "AmazonS3FullAccess")

        for headers in [HTTPHeaders(), pays] {
            let reply = await s3.send(.GET, "/photos/a", headers: headers, as: user)
            #expect(reply.status == 200 && reply.header("x-amz-request-charged") == nil)
        }
    }

    @Test func `who is nobody cannot pay, at a website neither`() async throws {
        let (s3, _) = try await prepared()
        _ = await s3.send(.PUT, "/photos?website", TestSite.document(TestSite.plain))

        #expect(await s3.anonymous(.GET, "/photos/a").status == 403)
        #expect(await s3.anonymous(.GET, "/photos/a", headers: pays).status == 403)
        #expect(await s3.anonymous(.GET, "/a", host: "photos.s3-website.localhost").status == 403)
        _ = await s3.send(.PUT, "/photos?requestPayment", document("BucketOwner"))
        #expect(await s3.anonymous(.GET, "/photos/a").status == 200)
    }

    @Test func `a copy pays for its source`() async throws {
        let (s3, other) = try await prepared()
        _ = await s3.send(.PUT, "/theirs", as: other)
        var copy: HTTPHeaders = ["x-amz-copy-source": "/photos/a"]

        #expect(await s3.send(.PUT, "/theirs/a", headers: copy, as: other).status == 403)
        copy.add(contentsOf: pays)
        #expect(await s3.send(.PUT, "/theirs/a", headers: copy, as: other).status == 200)
    }
}
