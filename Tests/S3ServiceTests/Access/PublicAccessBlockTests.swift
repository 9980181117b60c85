import NIOHTTP1
import ObjectStore
import S3Service
import Testing

@Suite struct PublicAccessBlockTests {
    private func block(_ names: String...) -> String {
        let flags = names.map { "<\($0)>true</\($0)>" }.joined()
        return "<PublicAccessBlockConfiguration>\(flags)</PublicAccessBlockConfiguration>"
    }

    @Test func `a new bucket blocks all, until that is changed or taken away`() async throws {
        let s3 = try await TestS3(buckets: [])
        _ = await s3.send(.PUT, "/photos")

        let names = [
            "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets",
        ]
        let fresh = await s3.send(.GET, "/photos?publicAccessBlock")
        #expect(names.map { fresh[$0] } == ["true", "true", "true", "true"])
        #expect(
            await s3.send(.PUT, "/photos?publicAccessBlock", block("IgnorePublicAcls")).status
                == 200
        )
        let changed = await s3.send(.GET, "/photos?publicAccessBlock")
        #expect(names.map { changed[$0] } == ["false", "true", "false", "false"])
        #expect(await s3.send(.DELETE, "/photos?publicAccessBlock").status == 204)
        let gone = await s3.send(.GET, "/photos?publicAccessBlock")
        #expect(gone.status == 404)
        #expect(gone.errorCode == "NoSuchPublicAccessBlockConfiguration")
        #expect(
            await s3.send(.PUT, "/photos?publicAccessBlock", "<x/>").errorCode == "MalformedXML"
        )
    }

    @Test func `BlockPublicPolicy refuses a public policy, and no other`() async throws {
        let s3 = try await TestS3()
        let zoe = try await s3.user("zoe", account: "zoo", policy: nil)
        let reply = await s3.allow(statement("s3:GetObject"))

        #expect(reply.status == 403)
        #expect(
            reply["Message"] == """
                User: arn:aws:iam::000000000000:root is not authorized to perform: s3:PutBucketPolicy on \
                resource: &quot;arn:aws:s3:::photos&quot; because public policies are prevented by the \
                BlockPublicPolicy setting in S3 Block Public Access.
                """
        )
        let principal = #"{"AWS": "\#(s3.account(of: zoe))"}"#
        #expect(await s3.allow(statement("Allow", principal, "s3:GetObject")).status == 204)
        #expect(await s3.send(.GET, "/photos?policyStatus")["IsPublic"] == "false")
    }

    @Test func `RestrictPublicBuckets keeps a public policy for its account`() async throws {
        let s3 = try await TestS3.legacy()
        let ann = try await s3.user("ann", policy: nil)
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.send(.PUT, "/photos/a", "x")
        _ = await s3.allow(statement("s3:GetObject"))
        #expect(await s3.anonymous(.GET, "/photos/a").status == 200)
        #expect(await s3.send(.GET, "/photos/a", as: zoe).status == 200)

        _ = await s3.send(.PUT, "/photos?publicAccessBlock", block("RestrictPublicBuckets"))

        #expect(await s3.anonymous(.GET, "/photos/a").status == 403)
        #expect(await s3.send(.GET, "/photos/a", as: zoe).status == 403)
        #expect(await s3.send(.GET, "/photos/a", as: ann).status == 200)
    }

    @Test
    func
        `BlockPublicAcls refuses public lists, IgnorePublicAcls makes those that are there count for nothing`()
        async throws
    {
        let s3 = try await TestS3.legacy()
        let open: HTTPHeaders = ["x-amz-acl": "public-read"]
        _ = await s3.send(.PUT, "/photos/a", "x", headers: open)
        #expect(await s3.anonymous(.GET, "/photos/a").status == 200)

        _ = await s3.send(.PUT, "/photos?publicAccessBlock", block("IgnorePublicAcls"))
        #expect(await s3.anonymous(.GET, "/photos/a").status == 403)
        #expect(await s3.send(.PUT, "/photos/b", "x", headers: open).status == 200)
        _ = await s3.send(.PUT, "/photos?publicAccessBlock", block("BlockPublicAcls"))
        #expect(await s3.anonymous(.GET, "/photos/a").status == 200)
        let refused = await s3.send(.PUT, "/photos/c", "x", headers: open)
        #expect(refused.errorCode == "AccessDenied")
        #expect(refused["Message"]?.contains("BlockPublicAcls") == true)
        #expect(await s3.send(.PUT, "/photos?acl", headers: open).errorCode == "AccessDenied")
        #expect(await s3.send(.PUT, "/photos/a?acl", headers: open).errorCode == "AccessDenied")
        #expect(
            await s3.send(.PUT, "/photos/c", "x", headers: ["x-amz-acl": "private"]).status == 200
        )
    }
}
