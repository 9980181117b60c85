import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@Suite struct GroupAndPolicyTests {
    @Test func `a group's policies hold for its users, as long as they are in it`() async throws {
        let test = try await TestS3()
        let ann = await test.iamUser("ann")
        #expect(
            await test.iam("CreateGroup", ["GroupName": "readers"])["GroupId"]?.hasPrefix("AGPA")
                == true
        )
        let attach: KeyValuePairs = [
            "GroupName": "readers", "PolicyArn": amazon + "AmazonS3ReadOnlyAccess",
        ]
        #expect(await test.iam("AttachGroupPolicy", attach).status == 200)
        #expect(await test.send(.GET, "/photos", as: ann).errorCode == "AccessDenied")
        let member: KeyValuePairs = ["GroupName": "readers", "UserName": "ann"]
        #expect(await test.iam("AddUserToGroup", member).status == 200)
        #expect(await test.send(.GET, "/photos", as: ann).status == 200)
        #expect(await test.send(.PUT, "/photos/k", "v", as: ann).errorCode == "AccessDenied")
        let group = await test.iam("GetGroup", ["GroupName": "readers"])
        #expect((group["GroupName"], group["UserName"]) == ("readers", "ann"))
        #expect(await test.iam("ListGroupsForUser", ["UserName": "ann"])["GroupName"] == "readers")
        #expect(await test.iam("ListGroups").all("GroupName") == ["readers"])
        #expect(
            await test.iam("DeleteGroup", ["GroupName": "readers"]).errorCode == "DeleteConflict"
        )

        #expect(await test.iam("RemoveUserFromGroup", member).status == 200)
        #expect(await test.send(.GET, "/photos", as: ann).errorCode == "AccessDenied")
        #expect(await test.iam("RemoveUserFromGroup", member).errorCode == "NoSuchEntity")
        #expect(await test.iam("DetachGroupPolicy", attach).status == 200)
        #expect(
            await test.iam("UpdateGroup", ["GroupName": "readers", "NewGroupName": "r"]).status
                == 200
        )
        #expect(await test.iam("DeleteGroup", ["GroupName": "r"]).status == 200)
        #expect(await test.iam("GetGroup", ["GroupName": "r"]).errorCode == "NoSuchEntity")
    }

    @Test func `a new version of a policy holds at once for all whom it is attached to`()
        async throws
    {
        let test = try await TestS3()
        let ann = await test.iamUser("ann")
        let made = await test.iam(
            "CreatePolicy",
            [
                "PolicyName": "p", "PolicyDocument": policy("Allow", "s3:ListBucket"),
                "Description": "d",
            ]
        )
        let arn = made["Arn"] ?? ""
        #expect(arn == "arn:aws:iam::000000000000:policy/p")
        #expect((made["DefaultVersionId"], made["AttachmentCount"]) == ("v1", "0"))
        _ = await test.iam("AttachUserPolicy", ["UserName": "ann", "PolicyArn": arn])
        #expect(await test.iam("GetPolicy", ["PolicyArn": arn])["AttachmentCount"] == "1")
        #expect(await test.send(.GET, "/photos", as: ann).status == 200)

        let second: KeyValuePairs = [
            "PolicyArn": arn, "PolicyDocument": policy("Deny", "s3:*"), "SetAsDefault": "true",
        ]
        #expect(await test.iam("CreatePolicyVersion", second)["VersionId"] == "v2")
        #expect(await test.send(.GET, "/photos", as: ann).errorCode == "AccessDenied")
        #expect(
            await test.iam("ListPolicyVersions", ["PolicyArn": arn]).all("VersionId") == [
                "v2", "v1",
            ]
        )
        let first: KeyValuePairs = ["PolicyArn": arn, "VersionId": "v1"]
        #expect(await test.iam("GetPolicyVersion", first)["IsDefaultVersion"] == "false")
        #expect(await test.iam("SetDefaultPolicyVersion", first).status == 200)
        #expect(await test.send(.GET, "/photos", as: ann).status == 200)
        #expect(await test.iam("DeletePolicyVersion", first).errorCode == "DeleteConflict")

        #expect(await test.iam("DeletePolicy", ["PolicyArn": arn]).errorCode == "DeleteConflict")
        let held = await test.iam("ListEntitiesForPolicy", ["PolicyArn": arn])
        #expect(held["UserName"] == "ann")
        _ = await test.iam("DetachUserPolicy", ["UserName": "ann", "PolicyArn": arn])
        _ = await test.iam("DeletePolicyVersion", ["PolicyArn": arn, "VersionId": "v2"])
        #expect(await test.iam("DeletePolicy", ["PolicyArn": arn]).status == 200)
        #expect(await test.iam("GetPolicy", ["PolicyArn": arn]).errorCode == "NoSuchEntity")
    }

    @Test func `a policy has five versions at most`() async throws {
        let test = try await TestS3()
        let document = policy("Allow", "s3:*")
        let arn =
            await test.iam("CreatePolicy", ["PolicyName": "p", "PolicyDocument": document])["Arn"]
            ?? ""
        for _ in 2...5 {
            let next: KeyValuePairs = ["PolicyArn": arn, "PolicyDocument": document]
            #expect(await test.iam("CreatePolicyVersion", next).status == 200)
        }
        let sixth = await test.iam(
            "CreatePolicyVersion",
            ["PolicyArn": arn, "PolicyDocument": document]
        )
        #expect((sixth.status, sixth.errorCode) == (409, "LimitExceeded"))
        let again = await test.iam("CreatePolicy", ["PolicyName": "P", "PolicyDocument": document])
        #expect(again.errorCode == "EntityAlreadyExists")
        let tags: KeyValuePairs = [
            "PolicyArn": arn, "Tags.member.1.Key": "k", "Tags.member.1.Value": "",
        ]
        #expect(await test.iam("TagPolicy", tags).status == 200)
        #expect(await test.iam("ListPolicyTags", ["PolicyArn": arn])["Key"] == "k")
        #expect(
            await test.iam("UntagPolicy", ["PolicyArn": arn, "TagKeys.member.1": "k"]).status == 200
        )
        #expect(await test.iam("GetPolicy", ["PolicyArn": arn]).all("Key").isEmpty)
    }

    @Test func `AWS's own policies are there and nobody's to change`() async throws {
        let test = try await TestS3()
        let arn = amazon + "AmazonS3FullAccess"
        #expect(await test.iam("GetPolicy", ["PolicyArn": arn])["DefaultVersionId"] == "v2")
        let version: KeyValuePairs = ["PolicyArn": arn, "VersionId": "v2"]
        #expect(
            await test.iam("GetPolicyVersion", version)["Document"]?.contains("s3-object-lambda")
                == true
        )
        let listed = await test.iam("ListPolicies", ["Scope": "AWS"])
        #expect(listed.all("PolicyName").contains("IAMFullAccess"))
        #expect(await test.iam("ListPolicies", ["Scope": "Local"]).all("PolicyName").isEmpty)
        #expect(await test.iam("DeletePolicy", ["PolicyArn": arn]).errorCode == "AccessDenied")
        #expect(
            await test.iam("GetPolicy", ["PolicyArn": amazon + "NoSuchPolicyAtAll"]).errorCode
                == "NoSuchEntity"
        )
    }

    @Test func `IAM is for those whose policies allow it, and each account's is its own`()
        async throws
    {
        let test = try await TestS3()
        let ann = try await test.user("ann", policy: "AmazonS3FullAccess")
        let refused = await test.iam("CreateUser", ["UserName": "x"], as: ann)
        #expect((refused.status, refused.errorCode) == (403, "AccessDenied"))
        #expect(
            refused["Message"]
                == "User: arn:aws:iam::000000000000:user/ann is not authorized to perform: "
                + "iam:CreateUser on resource: arn:aws:iam::000000000000:user/x because no "
                + "identity-based policy allows the iam:CreateUser action"
        )
        let zoe = try await test.user("zoe", account: "zoo", policy: "IAMFullAccess")
        let max = await test.iamUser("max", as: zoe)
        #expect(test.account(of: max) == test.account(of: zoe))
        #expect(await test.iam("GetUser", ["UserName": "ann"], as: zoe).errorCode == "NoSuchEntity")
        #expect(await test.iam("GetUser", ["UserName": "max"]).errorCode == "NoSuchEntity")
        let own = try await test.user(
            "own",
            document: policy(
                "Allow",
                "iam:GetUser",
                "arn:aws:iam::000000000000:user/${aws:username}"
            )
        )
        #expect(await test.iam("GetUser", as: own).status == 200)
        #expect(await test.iam("GetUser", ["UserName": "ann"], as: own).errorCode == "AccessDenied")
        #expect(
            await test.iam("GetAccountSummary").text.contains("<key>Users</key><value>2</value>")
        )
    }
}
