import NIOHTTP1
import S3Service
import Testing

@Suite struct EncryptionAccessTests {
    @Test func `a policy may want writes to say how they are encrypted`() async throws {
        let s3 = try await TestS3()
        let condition =
            #", "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}"#
        let without = statement("Deny", nil, "s3:PutObject", more: condition)
        #expect(await s3.allow(without).status == 204)

        #expect(await s3.send(.PUT, "/photos/a", "x").errorCode == "AccessDenied")
        #expect(await s3.send(.PUT, "/photos/a", "x", headers: Encrypted.managed).status == 403)
        #expect(await s3.send(.PUT, "/photos/a", "x", headers: Encrypted.named).status == 200)
        #expect(await s3.send(.POST, "/photos/b?uploads").status == 403)
        #expect(await s3.send(.POST, "/photos/b?uploads", headers: Encrypted.named).status == 200)
    }

    @Test func `a policy may refuse clients' keys`() async throws {
        let s3 = try await TestS3()
        let condition = """
            , "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}}
            """
        _ = await s3.allow(statement("Deny", nil, "s3:PutObject", more: condition))

        #expect(await s3.send(.PUT, "/photos/a", "x", headers: Encrypted.customer()).status == 403)
        #expect(await s3.send(.PUT, "/photos/a", "x", headers: Encrypted.managed).status == 200)
    }

    @Test func `who does not sign reads what S3 encrypts, but nothing under a named key`()
        async throws
    {
        let s3 = try await TestS3.legacy()
        _ = await s3.send(.PUT, "/photos/s3", "x", headers: Encrypted.managed)
        _ = await s3.send(.PUT, "/photos/kms", "x", headers: Encrypted.named)
        _ = await s3.allow(statement("s3:*"))

        #expect(await s3.anonymous(.GET, "/photos/s3").status == 200)
        let reply = await s3.anonymous(.GET, "/photos/kms")
        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidArgument")
        #expect(
            await s3.anonymous(.PUT, "/photos/new", "x", headers: Encrypted.named).status == 400
        )
        #expect(await s3.anonymous(.PUT, "/photos/new", "x").status == 200)
    }

    @Test func `a bucket that takes no clients' keys tells a user whose write that was`()
        async throws
    {
        let s3 = try await TestS3()
        let ann = try await s3.user("ann", document: everything)
        let blocked = """
            <ServerSideEncryptionConfiguration><Rule><BlockedEncryptionTypes>\
            <EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule>\
            </ServerSideEncryptionConfiguration>
            """
        #expect(await s3.send(.PUT, "/photos?encryption", blocked).status == 200)

        let reply = await s3.send(
            .PUT,
            "/photos/a",
            "x",
            headers: Encrypted.customer(),
            as: ann
        )
        #expect(reply.errorCode == "AccessDenied")
        #expect(
            reply["Message"]?.hasPrefix("User: arn:aws:iam::000000000000:user/ann is not") == true
        )
    }

    @Test(arguments: [
        (HTTPMethod.GET, "/photos?encryption", "GetEncryptionConfiguration"),
        (.PUT, "/photos?encryption", "PutEncryptionConfiguration"),
        (.DELETE, "/photos?encryption", "PutEncryptionConfiguration"),
        (.GET, "/photos?lifecycle", "GetLifecycleConfiguration"),
        (.PUT, "/photos?lifecycle", "PutLifecycleConfiguration"),
        (.DELETE, "/photos?lifecycle", "PutLifecycleConfiguration"),
        (.POST, "/photos/a?restore", "RestoreObject"),
    ])
    func `encryption, lifecycles and restores have rights of their own`(
        method: HTTPMethod,
        target: String,
        action: String
    ) async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")
        func document(_ effect: String) -> String {
            #"{"Effect": "\#(effect)", "Action": "s3:\#(action)", "Resource": "*"}"#
        }
        let all = #"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#
        let only = try await s3.user("only", document: "{\"Statement\": \(document("Allow"))}")
        let rest = try await s3.user(
            "rest",
            document: "{\"Statement\": [\(all), \(document("Deny"))]}"
        )

        #expect(await s3.send(method, target, as: rest).errorCode == "AccessDenied")
        #expect(await s3.send(method, target, as: only).errorCode != "AccessDenied")
    }
}
