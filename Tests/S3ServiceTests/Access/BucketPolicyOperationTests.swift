import NIOHTTP1
import ObjectStore
import S3Service
import Testing

@Suite struct BucketPolicyOperationTests {
    @Test func `a policy is put, answered byte for byte, told of and taken away`() async throws {
        let s3 = try await TestS3.legacy()
        #expect(await s3.send(.GET, "/photos?policy").errorCode == "NoSuchBucketPolicy")
        #expect(await s3.send(.GET, "/photos?policyStatus").errorCode == "NoSuchBucketPolicy")
        let policy = #"{ "Statement": [\#(statement("s3:GetObject"))]  }"#

        #expect(await s3.send(.PUT, "/photos?policy", policy).status == 204)

        let reply = await s3.send(.GET, "/photos?policy")
        #expect(reply.text == policy)
        #expect(reply.header("Content-Type") == "application/json")
        #expect(await s3.send(.GET, "/photos?policyStatus")["IsPublic"] == "true")
        #expect(await s3.send(.DELETE, "/photos?policy").status == 204)
        #expect(await s3.send(.DELETE, "/photos?policy").status == 204)
        #expect(await s3.send(.GET, "/photos?policy").status == 404)
    }

    @Test func `what is no policy is refused, and the old one stays`() async throws {
        let s3 = try await TestS3.legacy()
        let good = #"{"Statement": [\#(statement("s3:GetObject"))]}"#
        #expect(await s3.send(.PUT, "/photos?policy", good).status == 204)
        for (bad, message) in [
            ("", "Policies must be valid JSON and the first byte must be '{'"),
            (good.replacing("photos/*", with: "other/*"), "Policy has invalid resource"),
            (
                good.replacing(#""*""#, with: #"{"AWS": "arn:aws:iam::000000000000:user/eve"}"#),
                "Invalid principal in policy"
            ),
        ] {
            let reply = await s3.send(.PUT, "/photos?policy", bad)
            #expect(reply.status == 400)
            #expect(reply.errorCode == "MalformedPolicy")
            #expect(reply["Message"] == message)
        }
        #expect(await s3.send(.GET, "/photos?policy").text == good)
    }

    @Test func `the owner's root is never locked out of the policy, and is of all else`()
        async throws
    {
        let s3 = try await TestS3()
        let deny = [
            statement("Deny", nil, "s3:*", "photos").replacing("Said", with: "A"),
            statement("Deny", nil, "s3:*").replacing("Said", with: "B"),
        ]

        #expect(await s3.allow(deny.joined(separator: ",")).status == 204)

        #expect(await s3.send(.GET, "/photos").status == 403)
        #expect(await s3.send(.PUT, "/photos/a", "x").status == 403)
        #expect(await s3.send(.GET, "/photos?policyStatus").status == 403)
        #expect(await s3.send(.GET, "/photos?policy").status == 200)
        #expect(await s3.send(.DELETE, "/photos?policy").status == 204)
        #expect(await s3.send(.PUT, "/photos/a", "x").status == 200)
    }

    @Test func `another account may be given much, but never the policy itself`() async throws {
        let s3 = try await TestS3()
        let other = try await s3.user("zoe", account: "zoo", document: everything)
        let principal = #"{"AWS": "\#(s3.account(of: other))"}"#

        #expect(await s3.allow(statement("Allow", principal, "s3:*", "photos")).status == 204)

        #expect(await s3.send(.GET, "/photos", as: other).status == 200)
        for method in [HTTPMethod.GET, .PUT, .DELETE] {
            let reply = await s3.send(method, "/photos?policy", as: other)
            #expect(reply.errorCode == "MethodNotAllowed")
        }
    }

    @Test func `a change of the policy counts with the next request`() async throws {
        let s3 = try await TestS3.legacy()
        _ = await s3.send(.PUT, "/photos/a", "x")
        #expect(await s3.anonymous(.GET, "/photos/a").status == 403)
        #expect(await s3.allow(statement("s3:GetObject")).status == 204)
        #expect(await s3.anonymous(.GET, "/photos/a").status == 200)
        #expect(await s3.send(.PUT, "/photos?versioning", Self.versioning).status == 200)
        #expect(await s3.anonymous(.GET, "/photos/a").status == 200)
        #expect(await s3.send(.DELETE, "/photos?policy").status == 204)
        #expect(await s3.anonymous(.GET, "/photos/a").status == 403)
    }

    private static let versioning =
        "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
}
