import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing
import Testing

@Suite struct AuthorizationTests {
    @Test func `a user of another account needs both: the bucket's policy and one of its own`()
        async throws
    {
        let s3 = try await TestS3()
        let able = try await s3.user("able", account: "zoo", document: everything)
        let bare = try await s3.user("bare", account: "zoo", policy: nil)
        let foreign = try await s3.user("far", account: "moon", document: everything)
        _ = await s3.send(.PUT, "/photos/a", "x")
        #expect(await s3.send(.GET, "/photos/a", as: able).status == 403)

        let principal = #"{"AWS": "arn:aws:iam::\#(s3.account(of: able)):root"}"#
        #expect(await s3.allow(statement("Allow", principal, "s3:GetObject")).status == 204)

        #expect(await s3.send(.GET, "/photos/a", as: able).text == "x")
        #expect(await s3.send(.GET, "/photos/a", as: bare).status == 403)
        #expect(await s3.send(.GET, "/photos/a", as: foreign).status == 403)
        #expect(await s3.send(.PUT, "/photos/b", "x", as: able).status == 403)
        #expect(await s3.send(.GET, "/photos", as: able).status == 403)
    }

    @Test func `a user named by the policy of a bucket of the same account needs no policy`()
        async throws
    {
        let s3 = try await TestS3()
        let ann = try await s3.user("ann", policy: nil)
        let bob = try await s3.user("bob", policy: nil)
        _ = await s3.send(.PUT, "/photos/a", "x")
        let principal = #"{"AWS": "arn:aws:iam::000000000000:user/ann"}"#
        _ = await s3.allow(statement("Allow", principal, "s3:GetObject"))

        #expect(await s3.send(.GET, "/photos/a", as: ann).text == "x")
        #expect(await s3.send(.GET, "/photos/a", as: bob).status == 403)
    }

    @Test(arguments: [
        ("*", 200), ("arn:aws:s3:::*", 200), ("arn:aws:s3:::photos", 403),
        ("arn:aws:s3:::photos*", 403),
    ])
    func `all buckets are listed by who may list all buckets`(
        resource: String,
        status: Int
    ) async throws {
        let s3 = try await TestS3()
        let ann = try await s3.user(
            "ann",
            document: """
                {"Version": "2012-10-17", "Statement":
                  {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "\(resource)"}}
                """
        )
        #expect(await s3.send(.GET, "/", as: ann).status == status)
    }

    @Test func `S3 explains a refusal to the bucket's own account alone`() async throws {
        let s3 = try await TestS3()
        let ann = try await s3.user("ann", policy: "AmazonS3ReadOnlyAccess")
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.send(.PUT, "/photos/a", "x")
        let arn = "arn:aws:iam::000000000000:user/ann"

        #expect(
            await s3.send(.PUT, "/photos/a", "y", as: ann)["Message"] == """
                User: \(arn) is not authorized to perform: s3:PutObject on resource: \
                &quot;arn:aws:s3:::photos/a&quot; because no identity-based policy allows the s3:PutObject action
                """
        )
        _ = await s3.allow(statement("Deny", nil, "s3:GetObject"))
        #expect(
            await s3.send(.GET, "/photos/a", as: ann)["Message"] == """
                User: \(arn) is not authorized to perform: s3:GetObject on resource: \
                &quot;arn:aws:s3:::photos/a&quot; with an explicit deny in a resource-based policy
                """
        )
        #expect(
            await s3.send(.GET, "/photos/a")["Message"]?.hasPrefix(
                "User: arn:aws:iam::000000000000:root is not authorized"
            ) == true
        )
        #expect(await s3.send(.GET, "/photos/a", as: zoe)["Message"] == "Access Denied")
        let own = #"{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#
        let shut = try await s3.user("shut", document: own)
        #expect(
            await s3.send(.GET, "/photos", as: shut)["Message"]?.hasSuffix(
                "with an explicit deny in an identity-based policy"
            ) == true
        )
    }

    @Test func `only who may list learns that an object is not there`() async throws {
        let s3 = try await TestS3()
        let get = #"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#
        let blind = try await s3.user("blind", document: get)
        let reader = try await s3.user("reader", policy: "AmazonS3ReadOnlyAccess")
        for target in ["/photos/none", "/photos/none?tagging", "/photos/none?versionId=null"] {
            #expect(await s3.send(.GET, target, as: blind).errorCode == "AccessDenied")
            #expect(await s3.send(.GET, target, as: reader).status == 404)
        }
        #expect(await s3.send(.HEAD, "/photos/none", as: blind).status == 403)
        #expect(await s3.send(.HEAD, "/photos/none", as: reader).status == 404)
        let copy =
            #"{"Statement": {"Effect": "Allow", "Action": ["s3:Get*", "s3:Put*"], "Resource": "*"}}"#
        let copier = try await s3.user("copier", document: copy)
        let source: HTTPHeaders = ["x-amz-copy-source": "photos/none"]
        #expect(
            await s3.send(.PUT, "/photos/b", headers: source, as: copier).errorCode
                == "AccessDenied"
        )
        #expect(await s3.send(.PUT, "/photos/b", headers: source).errorCode == "NoSuchKey")
    }

    @Test func `a copy asks for its source as GetObject does, also across accounts`() async throws {
        let s3 = try await TestS3()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.send(.PUT, "/photos/a", "x")
        #expect(await s3.send(.PUT, "/zoo", as: zoe).status == 200)
        let source: HTTPHeaders = ["x-amz-copy-source": "photos/a"]
        #expect(await s3.send(.PUT, "/zoo/a", headers: source, as: zoe).errorCode == "AccessDenied")
        let principal = #"{"AWS": "\#(s3.account(of: zoe))"}"#
        _ = await s3.allow(statement("Allow", principal, "s3:GetObject"))

        #expect(await s3.send(.PUT, "/zoo/a", headers: source, as: zoe).status == 200)
        var expecting = source
        expecting.add(name: "x-amz-source-expected-bucket-owner", value: "111122223333")
        #expect(await s3.send(.PUT, "/zoo/b", headers: expecting, as: zoe).status == 403)
        #expect(
            await s3.send(
                .PUT,
                "/zoo/b",
                headers: ["x-amz-expected-bucket-owner": "000000000000"],
                as: zoe
            ).status == 403
        )
    }

    @Test(arguments: [
        ("s3:ListBucket", #""StringEquals": {"s3:prefix": "a"}"#, true),
        ("s3:ListBucket", #""StringEquals": {"s3:prefix": "b"}"#, false),
        ("s3:ListBucket", #""StringEquals": {"s3:delimiter": "/"}"#, true),
        ("s3:ListBucket", #""NumericLessThanEquals": {"s3:max-keys": "5"}"#, true),
        ("s3:ListBucket", #""NumericLessThan": {"s3:max-keys": "5"}"#, false),
        ("s3:GetObject", #""StringEquals": {"aws:username": "ann"}"#, true),
        ("s3:GetObject", #""IpAddress": {"aws:SourceIp": "127.0.0.0/8"}"#, true),
        ("s3:GetObject", #""Bool": {"aws:SecureTransport": "true"}"#, false),
        ("s3:GetObject", #""StringEquals": {"s3:authType": "REST-HEADER"}"#, true),
        ("s3:GetObject", #""StringEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}"#, true),
        ("s3:GetObject", #""StringEquals": {"s3:signatureversion": "AWS"}"#, false),
        ("s3:GetObject", #""DateLessThan": {"aws:CurrentTime": "2023-11-15"}"#, true),
        ("s3:GetObject", #""DateLessThan": {"aws:CurrentTime": "2023-11-14"}"#, false),
        ("s3:GetObject", #""NumericEquals": {"aws:EpochTime": "1700000000"}"#, true),
        ("s3:GetObject", #""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ann"}"#, true),
        ("s3:GetObject", #""StringEquals": {"aws:PrincipalType": "User"}"#, true),
        ("s3:GetObject", #""StringEquals": {"s3:ResourceAccount": "000000000000"}"#, true),
        ("s3:PutObject", #""StringEquals": {"s3:if-none-match": "*"}"#, true),
        ("s3:PutObject", #""StringEquals": {"s3:x-amz-storage-class": "STANDARD_IA"}"#, true),
        ("s3:PutObject", #""StringEquals": {"s3:x-amz-storage-class": "STANDARD"}"#, false),
        ("s3:PutObject", #""StringEquals": {"s3:x-amz-acl": "private"}"#, false),
    ])
    func `a policy looks at the request through its conditions`(
        action: String,
        condition: String,
        isAllowed: Bool
    ) async throws {
        let s3 = try await TestS3()
        let ann = try await s3.user("ann", policy: nil)
        _ = await s3.send(.PUT, "/photos/a", "x")
        let allowing = statement(
            "Allow",
            #"{"AWS": "arn:aws:iam::000000000000:user/ann"}"#,
            action,
            action == "s3:ListBucket" ? "photos" : "photos/*",
            more: #", "Condition": {\#(condition)}"#
        )
        #expect(await s3.allow(allowing).status == 204)

        let reply =
            switch action {
            case "s3:ListBucket":
                await s3.send(.GET, "/photos?prefix=a&delimiter=/&max-keys=5", as: ann)
            case "s3:GetObject": await s3.send(.GET, "/photos/a", as: ann)
            default:
                await s3.send(
                    .PUT,
                    "/photos/b",
                    "x",
                    headers: ["if-none-match": "*", "x-amz-storage-class": "STANDARD_IA"],
                    as: ann
                )
            }
        #expect(reply.status == (isAllowed ? 200 : 403), "\(reply.text)")
    }

    @Test func `tags that an object has, and that a request gives, are looked at`() async throws {
        let s3 = try await TestS3()
        let ann = try await s3.user("ann", policy: nil)
        _ = await s3.send(.PUT, "/photos/red", "x", headers: ["x-amz-tagging": "color=red"])
        _ = await s3.send(.PUT, "/photos/blue", "x", headers: ["x-amz-tagging": "color=blue"])
        let user = #"{"AWS": "arn:aws:iam::000000000000:user/ann"}"#
        let existing = #", "Condition": {"StringEquals": {"s3:ExistingObjectTag/color": "red"}}"#
        let asked =
            #", "Condition": {"StringEquals": {"s3:RequestObjectTag/color": "red"}, "ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["color"]}}"#
        let statements = [
            statement("Allow", user, "s3:GetObject", more: existing),
            statement("Allow", user, "s3:Put*", more: asked).replacing("Said", with: "B"),
        ]
        #expect(await s3.allow(statements.joined(separator: ",")).status == 204)

        #expect(await s3.send(.GET, "/photos/red", as: ann).status == 200)
        #expect(await s3.send(.GET, "/photos/blue", as: ann).status == 403)
        func put(_ tags: String) async -> Int {
            await s3.send(.PUT, "/photos/new", "x", headers: ["x-amz-tagging": tags], as: ann)
                .status
        }
        #expect(await put("color=red") == 200)
        #expect(await put("color=blue") == 403)
        #expect(await put("color=red&size=1") == 403)
        func tag(_ value: String) async -> Int {
            let document = """
                <Tagging><TagSet><Tag><Key>color</Key><Value>\(value)</Value></Tag></TagSet></Tagging>
                """
            return await s3.send(.PUT, "/photos/blue?tagging", document, as: ann).status
        }
        #expect(await tag("green") == 403)
        #expect(await tag("red") == 200)
    }

    @Test func `a user's own policy has variables and conditions too`() async throws {
        let s3 = try await TestS3()
        let home = """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/${aws:username}/*"},
              {"Effect": "Allow", "Action": "s3:CreateBucket", "Resource": "*",
               "Condition": {"StringEquals": {"s3:LocationConstraint": "eu-west-1"}}},
              {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::photos",
               "Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}}}]}
            """
        let ann = try await s3.user("ann", document: home)

        #expect(await s3.send(.PUT, "/photos/ann/a", "x", as: ann).status == 200)
        #expect(await s3.send(.PUT, "/photos/bob/a", "x", as: ann).status == 403)
        #expect(await s3.send(.GET, "/photos?prefix=ann/", as: ann).status == 200)
        #expect(await s3.send(.GET, "/photos", as: ann).status == 403)
        let region = """
            <CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>
            """
        #expect(await s3.send(.PUT, "/made", region, as: ann).status == 200)
        #expect(await s3.send(.PUT, "/other", as: ann).status == 403)
    }

    @Test func `DeleteObjects asks for each key, and explains to nobody`() async throws {
        let s3 = try await TestS3()
        let ann = try await s3.user("ann", policy: nil)
        _ = await s3.send(.PUT, "/photos/a/1", "x")
        _ = await s3.send(.PUT, "/photos/b/1", "x")
        let user = #"{"AWS": "arn:aws:iam::000000000000:user/ann"}"#
        _ = await s3.allow(statement("Allow", user, "s3:DeleteObject", "photos/a/*"))
        let keys = ["a/1", "b/1"].map { "<Object><Key>\($0)</Key></Object>" }.joined()
        let body = "<Delete>\(keys)</Delete>"
        let reply = await s3.send(
            .POST,
            "/photos?delete",
            body,
            headers: ["x-amz-checksum-crc32": crc32(body)],
            as: ann
        )

        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.all("Key") == ["a/1", "b/1"])
        #expect(reply["Code"] == "AccessDenied")
        #expect(reply["Message"] == "Access Denied")
        #expect(await s3.send(.GET, "/photos/a/1").status == 404)
        #expect(await s3.send(.GET, "/photos/b/1").status == 200)
    }
}
