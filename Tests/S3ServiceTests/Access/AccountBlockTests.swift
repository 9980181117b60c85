import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

@Suite struct AccountBlockTests {
    private let target = "/v20180820/configuration/publicAccessBlock"
    private let block = """
        <PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">\
        <BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
        <BlockPublicPolicy>true</BlockPublicPolicy>\
        <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>
        """
    private let headers: HTTPHeaders = ["x-amz-account-id": "000000000000"]

    @Test func `an account's block is put, told and ended, whatever the host`() async throws {
        let test = try await TestS3()
        let none = await test.send(.GET, target, headers: headers)
        #expect((none.status, none.errorCode) == (404, "NoSuchPublicAccessBlockConfiguration"))
        let host = "000000000000.s3-control.localhost:9000"
        #expect(await test.send(.PUT, target, block, headers: headers, host: host).status == 201)
        let told = await test.send(.GET, target, headers: headers)
        #expect(told["RestrictPublicBuckets"] == "true")
        #expect(told.text.contains("http://awss3control.amazonaws.com/doc/2018-08-20/"))
        #expect(await test.send(.DELETE, target, headers: headers).status == 204)
        #expect(await test.send(.GET, target, headers: headers).status == 404)
    }

    @Test func `it is for the account's own, by a permission of its own`() async throws {
        let test = try await TestS3()
        let other: HTTPHeaders = ["x-amz-account-id": "111111111111"]
        #expect(await test.send(.PUT, target, block, headers: other).errorCode == "AccessDenied")
        let ann = try await test.user("ann", policy: "AmazonS3ReadOnlyAccess")
        #expect(
            await test.send(.PUT, target, block, headers: headers, as: ann).errorCode
                == "AccessDenied"
        )
        let reply = await test.anonymous(.GET, target, headers: headers)
        #expect(reply.errorCode == "AccessDenied")
    }

    @Test func `without the account's header the path is a key like any other`() async throws {
        let test = try await TestS3(buckets: ["v20180820"])
        #expect(await test.send(.PUT, target, "mine").status == 200)
        #expect(await test.send(.GET, target).text == "mine")
    }

    @Test func `it takes part in every decision about the account's buckets, at once`() async throws
    {
        let test = try await TestS3.legacy()
        let everybody = statement("s3:GetObject")
        _ = await test.send(.PUT, "/photos/cat", "meow")
        #expect(await test.allow(everybody).status == 204)
        #expect(await test.anonymous(.GET, "/photos/cat").text == "meow")
        let list: HTTPHeaders = ["x-amz-acl": "public-read"]
        #expect(await test.send(.PUT, "/photos?acl", headers: list).status == 200)

        _ = await test.send(.PUT, target, block, headers: headers)
        #expect(await test.anonymous(.GET, "/photos/cat").errorCode == "AccessDenied")
        #expect(await test.anonymous(.GET, "/photos").errorCode == "AccessDenied")
        #expect(await test.allow(everybody).errorCode == "AccessDenied")
        #expect(await test.send(.PUT, "/photos?acl", headers: list).errorCode == "AccessDenied")
        #expect(await test.send(.PUT, "/other", headers: list).status == 400)
        #expect(await test.send(.GET, "/photos?publicAccessBlock").status == 404)

        _ = await test.send(.DELETE, target, headers: headers)
        #expect(await test.anonymous(.GET, "/photos/cat").text == "meow")
    }
}
