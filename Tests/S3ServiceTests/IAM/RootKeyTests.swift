import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@Suite struct RootKeyTests {
    private func credential(_ reply: Reply) -> Credential {
        Credential(
            accessKey: reply["AccessKeyId"] ?? "",
            secret: Secret(reply["SecretAccessKey"] ?? "")
        )
    }

    @Test func `the root that asks without a name makes, lists, disables and deletes its own keys`()
        async throws
    {
        let test = try await TestS3()
        let made = await test.iam("CreateAccessKey")
        #expect(made["Status"] == "Active" && made["UserName"] == nil)
        let second = credential(made)
        #expect(await test.send(.GET, "/photos", as: second).status == 200)
        #expect(
            await test.sts("GetCallerIdentity", as: second)["Arn"]
                == "arn:aws:iam::000000000000:root"
        )
        let listed = await test.iam("ListAccessKeys", as: second)
        let keys = listed.all("AccessKeyId")
        #expect(Set(keys) == ["AKIAROOT", second.accessKey] && keys == keys.sorted())
        #expect(listed.all("CreateDate") == ["2023-11-14T22:13:20Z"])
        let third = await test.iam("CreateAccessKey")
        #expect((third.status, third.errorCode) == (409, "LimitExceeded"))
        #expect(third["Message"] == "Cannot exceed quota for AccessKeysPerUser: 2")

        let off: KeyValuePairs = ["AccessKeyId": second.accessKey, "Status": "Inactive"]
        #expect(await test.iam("UpdateAccessKey", off).status == 200)
        #expect(await test.send(.GET, "/photos", as: second).errorCode == "InvalidAccessKeyId")
        let key: KeyValuePairs = ["AccessKeyId": second.accessKey]
        #expect(await test.iam("DeleteAccessKey", key).status == 200)
        #expect(await test.iam("DeleteAccessKey", key).errorCode == "NoSuchEntity")
        #expect(await test.iam("ListAccessKeys").all("AccessKeyId") == ["AKIAROOT"])
    }

    @Test func `the key that the service was started with cannot be changed by IAM`() async throws {
        let test = try await TestS3()
        for (action, more) in [
            ("DeleteAccessKey", []), ("UpdateAccessKey", [("Status", "Inactive")]),
        ] {
            let reply = await test.query(
                "iam",
                "2010-05-08",
                action,
                [("AccessKeyId", "AKIAROOT")] + more,
                as: TestS3.root
            )
            #expect((reply.status, reply.errorCode) == (400, "UnmodifiableEntity"))
        }
        #expect(await test.iam("ListUsers").status == 200)
    }

    @Test func `the root of another account is that account's alone`() async throws {
        let test = try await TestS3()
        let zoe = try await test.user("zoe", account: "zoo", policy: "AdministratorAccess")
        let zoo = try #require(test.store.directory.account(named: "zoo"))
        let key = try await test.store.directory.createRootKey(of: zoo)
        let root = Credential(accessKey: key.id, secret: Secret(key.secret))
        #expect(
            await test.sts("GetCallerIdentity", as: root)["Arn"]
                == "arn:aws:iam::\(zoo.number):root"
        )
        #expect(await test.iam("ListUsers", as: root).all("UserName") == ["zoe"])
        #expect(await test.send(.GET, "/photos", as: root).errorCode == "AccessDenied")
        #expect(await test.iam("ListAccessKeys", as: root).all("AccessKeyId") == [key.id])
        #expect(
            await test.iam("GetAccountSummary", as: root).text.contains(
                "<key>AccountAccessKeysPresent</key><value>1</value>"
            )
        )
        // A user without the right does not make one, and a user's key is no root's.
        let bob = try await test.user("bob", policy: nil)
        #expect(await test.iam("CreateAccessKey", as: bob).errorCode == "AccessDenied")
        let other: KeyValuePairs = ["AccessKeyId": zoe.accessKey]
        #expect(await test.iam("DeleteAccessKey", other, as: root).errorCode == "NoSuchEntity")
    }

    @Test func `IAM tells when, for what and where a key was last used`() async throws {
        let test = try await TestS3()
        let ann = await test.iamUser("ann")
        let key: KeyValuePairs = ["AccessKeyId": ann.accessKey]
        let never = await test.iam("GetAccessKeyLastUsed", key)
        #expect(never["UserName"] == "ann")
        #expect((never["ServiceName"], never["Region"]) == ("N/A", "N/A"))
        #expect(never["LastUsedDate"] == nil)
        test.time.advance(bySeconds: 7)
        _ = await test.send(.GET, "/photos", as: ann)
        let used = await test.iam("GetAccessKeyLastUsed", key)
        #expect((used["ServiceName"], used["Region"]) == ("s3", "us-east-1"))
        #expect(used["LastUsedDate"] == "2023-11-14T22:13:27Z")
        _ = await test.sts("GetCallerIdentity", as: ann)
        #expect(await test.iam("GetAccessKeyLastUsed", key)["ServiceName"] == "sts")
        // A wrong signature is no use of the key.
        let wrong = Credential(accessKey: ann.accessKey, secret: Secret("wrong"))
        _ = await test.send(.GET, "/photos", as: wrong)
        #expect(await test.iam("GetAccessKeyLastUsed", key)["ServiceName"] == "sts")

        let root = await test.iam("GetAccessKeyLastUsed", ["AccessKeyId": "AKIAROOT"])
        #expect((root["ServiceName"], root["UserName"]) == ("iam", nil))
        let nobody = await test.iam("GetAccessKeyLastUsed", ["AccessKeyId": "AKIANOBODYSAID00"])
        #expect((nobody.status, nobody.errorCode) == (404, "NoSuchEntity"))
        let zoe = try await test.user("zoe", account: "zoo", policy: "AdministratorAccess")
        #expect(
            await test.iam("GetAccessKeyLastUsed", key, as: zoe).errorCode == "NoSuchEntity"
        )
        #expect(await test.iam("GetAccessKeyLastUsed", key, as: ann).errorCode == "AccessDenied")
    }

    @Test func `the summary tells what there is, and how much there may be`() async throws {
        let test = try await TestS3()
        _ = await test.iam("CreateUser", ["UserName": "ann"])
        let text = await test.iam("GetAccountSummary").text
        for (key, value) in [
            ("Users", 1), ("UsersQuota", 5000), ("GroupsQuota", 300), ("RolesQuota", 1000),
            ("PoliciesQuota", 1500), ("GroupsPerUserQuota", 10), ("AccessKeysPerUserQuota", 2),
            ("PolicyVersionsInUseQuota", 10_000), ("AccountAccessKeysPresent", 1), ("Providers", 0),
        ] {
            #expect(text.contains("<key>\(key)</key><value>\(value)</value>"), "\(key)")
        }
    }

    @Test func `there are no identity providers to be listed`() async throws {
        let test = try await TestS3()
        let saml = await test.iam("ListSAMLProviders")
        #expect(saml.status == 200 && saml.text.contains("SAMLProviderList"))
        let openID = await test.iam("ListOpenIDConnectProviders")
        #expect(openID.status == 200 && openID.text.contains("OpenIDConnectProviderList"))
        let ann = try await test.user("ann", policy: nil)
        #expect(await test.iam("ListSAMLProviders", as: ann).errorCode == "AccessDenied")
    }
}
