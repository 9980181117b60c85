import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing
import Testing

@Suite struct BucketTests {
    @Test func `is made, found, listed and deleted`() async throws {
        let s3 = try await TestS3(buckets: [])

        let made = await s3.send(.PUT, "/photos")
        #expect(made.status == 200)
        #expect(made.header("Location") == "/photos")
        let head = await s3.send(.HEAD, "/photos/")
        #expect(head.status == 200)
        #expect(head.header("x-amz-bucket-region") == "us-east-1")
        let list = await s3.send(.GET, "/")
        #expect(list["Name"] == "photos")
        #expect(list["CreationDate"] == "2023-11-14T22:13:20.000Z")
        #expect(list["ID"]?.count == 64)
        #expect(await s3.send(.DELETE, "/photos").status == 204)
        #expect(await s3.send(.HEAD, "/photos").status == 404)
        #expect(await s3.send(.DELETE, "/photos").errorCode == "NoSuchBucket")
    }

    @Test func `with objects it is not deleted`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")

        let reply = await s3.send(.DELETE, "/photos")

        #expect(reply.status == 409)
        #expect(reply.errorCode == "BucketNotEmpty")
    }

    @Test func `made twice by its owner it is success in us-east-1 and a conflict elsewhere`()
        async throws
    {
        let east = try await TestS3()
        #expect(await east.send(.PUT, "/photos").status == 200)

        let document =
            "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
        _ = await east.send(.PUT, "/travel", document)
        let again = await east.send(.PUT, "/travel", document)
        #expect(again.status == 409)
        #expect(again.errorCode == "BucketAlreadyOwnedByYou")
    }

    @Test(arguments: [
        ("eu-central-1", "eu-central-1"), ("EU", "eu-west-1"), ("us-gov-east-1", "us-gov-east-1"),
    ])
    func `remembers where it was made`(constraint: String, region: String) async throws {
        let s3 = try await TestS3(buckets: ["photos"])
        _ = await s3.send(
            .PUT,
            "/travel",
            "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>\(constraint)</LocationConstraint></CreateBucketConfiguration>"
        )

        #expect(
            await s3.send(.GET, "/travel?location").text.contains(">\(region)</LocationConstraint>")
        )
        #expect(await s3.send(.GET, "/photos?location").text.contains("></LocationConstraint>"))
        #expect(await s3.send(.HEAD, "/travel").header("x-amz-bucket-region") == region)
    }

    @Test func `refuses names, regions and documents that are none`() async throws {
        let s3 = try await TestS3()

        #expect(await s3.send(.PUT, "/Photos_1").errorCode == "InvalidBucketName")
        #expect(await s3.send(.PUT, "/travel", "<x/>").errorCode == "MalformedXML")
        let nowhere = await s3.send(
            .PUT,
            "/travel",
            "<CreateBucketConfiguration><LocationConstraint>nowhere</LocationConstraint></CreateBucketConfiguration>"
        )
        #expect(nowhere.errorCode == "InvalidLocationConstraint")
        #expect(
            await s3.send(.PUT, "/travel", headers: ["x-amz-acl": "x"]).errorCode
                == "InvalidArgument"
        )
    }

    @Test func `buckets are listed in pages where a page is asked for`() async throws {
        let s3 = try await TestS3(buckets: ["aaa", "aab", "abc", "bbb"])

        let first = await s3.send(.GET, "/?max-buckets=2&prefix=a")
        #expect(first.all("Name") == ["aaa", "aab"])
        let token = try #require(first["ContinuationToken"])
        let second = await s3.send(
            .GET,
            "/?max-buckets=2&prefix=a&continuation-token=\(PercentCoding.encode(token))"
        )
        #expect(second.all("Name") == ["abc"])
        #expect(second["ContinuationToken"] == nil)
        #expect(await s3.send(.GET, "/?max-buckets=0").errorCode == "InvalidArgument")
    }

    @Test func `another account's bucket is denied`() async throws {
        let s3 = try await TestS3()
        let other = try await s3.user("other", account: "friends", policy: "AmazonS3FullAccess")

        #expect(await s3.send(.GET, "/photos?list-type=2", as: other).errorCode == "AccessDenied")
        #expect(await s3.send(.HEAD, "/photos", as: other).status == 403)
        #expect(await s3.send(.PUT, "/photos", as: other).errorCode == "BucketAlreadyExists")
        #expect(await s3.send(.GET, "/", as: other).all("Name") == [])
    }

    @Test func `the owner that a request expects must be the owner`() async throws {
        let s3 = try await TestS3()
        let number = s3.store.directory.rootAccount.number

        let right = await s3.send(
            .HEAD,
            "/photos",
            headers: ["x-amz-expected-bucket-owner": number]
        )
        let wrong = await s3.send(
            .HEAD,
            "/photos",
            headers: ["x-amz-expected-bucket-owner": "999999999999"]
        )

        #expect(right.status == 200)
        #expect(wrong.status == 403)
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html, "Permissions"
    @Test func `making a bucket private needs no more, and with locks or a list it does`()
        async throws
    {
        let s3 = try await TestS3()
        func user(_ name: String, _ actions: String) async throws -> Credential {
            let statement = #"{"Effect": "Allow", "Action": [\#(actions)], "Resource": "*"}"#
            return try await s3.user(name, document: #"{"Statement": \#(statement)}"#)
        }
        let plain = try await user("plain", #""s3:CreateBucket""#)
        let half = try await user("half", #""s3:CreateBucket", "s3:PutBucketVersioning""#)
        let able = try await user(
            "able",
            #""s3:CreateBucket", "s3:PutBucketVersioning", "s3:PutBucketObjectLockConfiguration""#
        )
        let locks: HTTPHeaders = ["x-amz-bucket-object-lock-enabled": "true"]

        let close: HTTPHeaders = ["x-amz-acl": "private"]
        #expect(await s3.send(.PUT, "/closed", headers: close, as: plain).status == 200)
        let open: HTTPHeaders = ["x-amz-acl": "public-read"]
        #expect(await s3.send(.PUT, "/open", headers: open, as: plain).status == 403)
        #expect(await s3.send(.PUT, "/locked", headers: locks, as: plain).status == 403)
        #expect(await s3.send(.PUT, "/locked", headers: locks, as: half).status == 403)
        #expect(await s3.send(.HEAD, "/locked").status == 404)
        #expect(await s3.send(.PUT, "/locked", headers: locks, as: able).status == 200)
    }

    // "regardless of the permissions on the bucket, you will receive a response header with the correct bucket location":
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    @Test func `HEAD tells the region of a bucket also to who may not see it`() async throws {
        let s3 = try await TestS3(buckets: [])
        let body =
            "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
        #expect(await s3.send(.PUT, "/photos", body).status == 200)
        let stranger = try await s3.user("stranger", policy: nil)
        let wrong = Credential(accessKey: TestS3.root.accessKey, secret: Secret("wrong"))

        for reply in [
            await s3.send(.HEAD, "/photos", as: stranger), await s3.anonymous(.HEAD, "/photos"),
            await s3.send(.HEAD, "/photos", as: wrong),
        ] {
            #expect(reply.status == 403)
            #expect(reply.headers["x-amz-bucket-region"] == ["eu-west-1"])
        }
        #expect(await s3.send(.HEAD, "/photos").headers["x-amz-bucket-region"] == ["eu-west-1"])
        let none = await s3.send(.HEAD, "/none", as: stranger)
        #expect((none.status, none.header("x-amz-bucket-region")) == (404, nil))
        #expect(await s3.anonymous(.GET, "/photos").header("x-amz-bucket-region") == nil)
    }
}
