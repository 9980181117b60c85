import NIOHTTP1
import Testing

@Suite struct BucketEncryptionTests {
    private func document(_ rule: String) -> String {
        "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + "<Rule>\(rule)</Rule></ServerSideEncryptionConfiguration>"
    }

    private func standard(_ algorithm: String, _ key: String? = nil) -> String {
        let key = key.map { "<KMSMasterKeyID>\($0)</KMSMasterKeyID>" } ?? ""
        return "<ApplyServerSideEncryptionByDefault>\(key)<SSEAlgorithm>\(algorithm)</SSEAlgorithm>"
            + "</ApplyServerSideEncryptionByDefault>"
    }

    private let blocking =
        "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes>"

    @Test func `a configuration is put, told and deleted`() async throws {
        let s3 = try await TestS3()
        let none = await s3.send(.GET, "/photos?encryption")
        #expect(none.status == 404)
        #expect(none.errorCode == "ServerSideEncryptionConfigurationNotFoundError")

        let rule = standard("aws:kms", "holiday") + blocking
        let text = document(rule + "<BucketKeyEnabled>true</BucketKeyEnabled>")
        #expect(await s3.send(.PUT, "/photos?encryption", text).status == 200)

        let told = await s3.send(.GET, "/photos?encryption")
        #expect(told.status == 200)
        #expect(told["SSEAlgorithm"] == "aws:kms")
        #expect(told["KMSMasterKeyID"] == "holiday")
        #expect(told["BucketKeyEnabled"] == "true")
        #expect(told["EncryptionType"] == "SSE-C")
        #expect(await s3.send(.DELETE, "/photos?encryption").status == 204)
        #expect(await s3.send(.DELETE, "/photos?encryption").status == 204)
        #expect(await s3.send(.GET, "/photos?encryption").status == 404)
        #expect(await s3.send(.PUT, "/nobody?encryption", text).errorCode == "NoSuchBucket")
    }

    @Test func `what a bucket encrypts by default is what says nothing`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/source", "meow")
        _ = await s3.send(.PUT, "/photos?encryption", document(standard("AES256")))

        #expect(await s3.send(.PUT, "/photos/k", "meow").encryption == ["": "AES256"])
        #expect(await s3.send(.GET, "/photos/k").encryption == ["": "AES256"])
        let copy = await s3.send(
            .PUT,
            "/photos/copy",
            headers: ["x-amz-copy-source": "photos/source"]
        )
        #expect(copy.encryption == ["": "AES256"])
        #expect(await s3.send(.GET, "/photos/copy").text == "meow")
        let upload = await s3.send(.POST, "/photos/big?uploads")
        #expect(upload.encryption == ["": "AES256"])
        // What was there before stays as it was, and a request that asks for something else gets that.
        #expect(await s3.send(.GET, "/photos/source").encryption == [:])
        let customer = await s3.send(.PUT, "/photos/own", "x", headers: Encrypted.customer())
        #expect(customer.encryption["-customer-algorithm"] == "AES256")
        #expect(customer.encryption[""] == nil)

        _ = await s3.send(
            .PUT,
            "/photos?encryption",
            document(standard("aws:kms", "k") + "<BucketKeyEnabled>true</BucketKeyEnabled>")
        )
        let named = await s3.send(.PUT, "/photos/k", "meow").encryption
        #expect(named["-aws-kms-key-id"] == "arn:aws:kms:us-east-1:000000000000:key/k")
        #expect(named["-bucket-key-enabled"] == "true")
        let without = await s3.send(
            .PUT,
            "/photos/k",
            "x",
            headers: ["x-amz-server-side-encryption-bucket-key-enabled": "false"]
        )
        #expect(without.encryption["-bucket-key-enabled"] == nil)

        _ = await s3.send(.DELETE, "/photos?encryption")
        #expect(await s3.send(.PUT, "/photos/k", "meow").encryption == [:])
    }

    @Test func `a bucket that takes no clients' keys refuses them, and reads what it has`()
        async throws
    {
        let s3 = try await TestS3()
        let key = Encrypted.customer()
        _ = await s3.send(.PUT, "/photos/old", "meow", headers: key)
        _ = await s3.send(.PUT, "/photos?encryption", document(blocking))

        for reply in [
            await s3.send(.PUT, "/photos/k", "x", headers: key),
            await s3.send(.POST, "/photos/k?uploads", headers: key),
            await s3.send(
                .PUT,
                "/photos/k",
                headers: key.with(["x-amz-copy-source": "photos/old"])
                    .with(Encrypted.customer(ofSource: true))
            ),
        ] {
            #expect(reply.status == 403)
            #expect(reply.errorCode == "AccessDenied")
            #expect(reply["Message"]?.contains("has blocked upload requests") == true)
        }
        #expect(await s3.send(.GET, "/photos/old", headers: key).text == "meow")
        #expect(await s3.send(.PUT, "/photos/k", "x").encryption == [:])
        let none = blocking.replacing("SSE-C", with: "NONE")
        _ = await s3.send(.PUT, "/photos?encryption", document(none))
        #expect(await s3.send(.PUT, "/photos/k", "x", headers: key).status == 200)
    }

    @Test(arguments: [
        ("", "MalformedXML"), ("<BucketKeyEnabled>true</BucketKeyEnabled>", "MalformedXML"),
        ("<BlockedEncryptionTypes></BlockedEncryptionTypes>", "MalformedXML"),
        (
            "<BlockedEncryptionTypes><EncryptionType>all</EncryptionType></BlockedEncryptionTypes>",
            "MalformedXML"
        ),
        (
            "<ApplyServerSideEncryptionByDefault></ApplyServerSideEncryptionByDefault>",
            "MalformedXML"
        ),
    ])
    func `a rule that is none is refused`(rule: String, code: String) async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.PUT, "/photos?encryption", document(rule)).errorCode == code)
        #expect(await s3.send(.GET, "/photos?encryption").status == 404)
    }

    @Test func `a configuration that cannot be is refused`() async throws {
        let s3 = try await TestS3()
        func code(_ text: String) async -> String? {
            await s3.send(.PUT, "/photos?encryption", text).errorCode
        }
        #expect(await code(document(standard("AES512"))) == "MalformedXML")
        #expect(await code(document(standard("AES256", "k"))) == "InvalidArgument")
        #expect(await code(document(standard("aws:kms:dsse"))) == "NotImplemented")
        let root = "ServerSideEncryptionConfiguration"
        #expect(await code("<\(root)></\(root)>") == "MalformedXML")
        let two = "<Rule>\(standard("AES256"))</Rule><Rule>\(standard("AES256"))</Rule>"
        #expect(await code("<\(root)>\(two)</\(root)>") == "MalformedXML")
        #expect(await code("") == "MissingRequestBodyError")
        #expect(await s3.send(.GET, "/photos?encryption").status == 404)
    }
}
