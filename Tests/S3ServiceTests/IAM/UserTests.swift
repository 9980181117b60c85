import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@Suite struct UserTests {
    @Test func `a user made by IAM works in a bucket as soon as a policy is attached`() async throws
    {
        let test = try await TestS3()
        let made = await test.iam("CreateUser", ["UserName": "ann", "Path": "/staff/"])
        #expect(made.status == 200)
        #expect(made.header("content-type") == "text/xml")
        #expect(made["Arn"] == "arn:aws:iam::000000000000:user/staff/ann")
        #expect(made["UserId"]?.hasPrefix("AIDA") == true)
        #expect(made["CreateDate"] == "2023-11-14T22:13:20Z")
        #expect(
            made.text.contains(
                #"<CreateUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">"#
            )
        )
        #expect(made["RequestId"] == made.header("x-amzn-requestid"))
        let key = await test.iam("CreateAccessKey", ["UserName": "ann"])
        #expect(key["Status"] == "Active")
        let ann = Credential(
            accessKey: key["AccessKeyId"] ?? "",
            secret: Secret(key["SecretAccessKey"] ?? "")
        )
        #expect(await test.send(.PUT, "/photos/cat", "meow", as: ann).errorCode == "AccessDenied")

        let arn = amazon + "AmazonS3FullAccess"
        let names: KeyValuePairs = ["UserName": "ann", "PolicyArn": arn]
        #expect(await test.iam("AttachUserPolicy", names).status == 200)
        #expect(await test.send(.PUT, "/photos/cat", "meow", as: ann).status == 200)
        #expect(await test.iam("ListAttachedUserPolicies", ["UserName": "ann"])["PolicyArn"] == arn)

        #expect(await test.iam("DetachUserPolicy", names).status == 200)
        #expect(await test.send(.GET, "/photos/cat", as: ann).errorCode == "AccessDenied")
        let again = await test.iam("DetachUserPolicy", names)
        #expect((again.status, again.errorCode) == (404, "NoSuchEntity"))
    }

    @Test func `a name is taken in any case, and a name that is none is refused`() async throws {
        let test = try await TestS3()
        _ = await test.iam("CreateUser", ["UserName": "Ann"])
        let again = await test.iam("CreateUser", ["UserName": "ann"])
        #expect((again.status, again.errorCode) == (409, "EntityAlreadyExists"))
        #expect(again.text.contains("<ErrorResponse xmlns=") && again["Type"] == "Sender")
        for name in ["", "a b", String(repeating: "a", count: 65)] {
            let bad = await test.iam("CreateUser", ["UserName": name])
            #expect((bad.status, bad.errorCode) == (400, "ValidationError"))
        }
        let path = await test.iam("CreateUser", ["UserName": "b", "Path": "staff"])
        #expect((path.status, path.errorCode) == (400, "ValidationError"))
        let bounded = await test.iam("CreateUser", ["UserName": "b", "PermissionsBoundary": "x"])
        #expect((bounded.status, bounded.errorCode) == (501, "NotImplemented"))
    }

    @Test func `users are listed in pages in the order of their names`() async throws {
        let test = try await TestS3()
        for name in ["c", "a", "b"] {
            _ = await test.iam("CreateUser", ["UserName": name, "Path": name == "b" ? "/x/" : "/"])
        }
        let first = await test.iam("ListUsers", ["MaxItems": "2"])
        #expect(first.all("UserName") == ["a", "b"])
        #expect(first["IsTruncated"] == "true")
        let rest = await test.iam("ListUsers", ["Marker": first["Marker"] ?? ""])
        #expect((rest.all("UserName"), rest["IsTruncated"]) == (["c"], "false"))
        #expect(await test.iam("ListUsers", ["PathPrefix": "/x/"]).all("UserName") == ["b"])
        #expect(await test.iam("ListUsers", ["Marker": "?"]).errorCode == "ValidationError")
        #expect(await test.iam("ListUsers", ["MaxItems": "0"]).errorCode == "ValidationError")
    }

    @Test func `who renames a user needs the right to the new name and path too`() async throws {
        let test = try await TestS3()
        let bob = try await test.user(
            "bob",
            document: """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:UpdateUser",
                  "Resource": "arn:aws:iam::000000000000:user/bob*"}}
                """
        )
        for change: KeyValuePairs in [
            ["UserName": "bob", "NewUserName": "ann"], ["UserName": "bob", "NewPath": "/admins/"],
        ] {
            #expect(await test.iam("UpdateUser", change, as: bob).errorCode == "AccessDenied")
        }
        let own: KeyValuePairs = ["UserName": "bob", "NewUserName": "bobby"]
        #expect(await test.iam("UpdateUser", own, as: bob).status == 200)
    }

    @Test func `more tags than fifty are refused before they are compared`() async throws {
        let test = try await TestS3()
        let tags = (1...3000).flatMap { number in
            [("Tags.member.\(number).Key", "k\(number)"), ("Tags.member.\(number).Value", "")]
        }
        let reply = await test.query(
            "iam",
            "2010-05-08",
            "CreateUser",
            [("UserName", "ann")] + tags,
            as: TestS3.root
        )
        #expect(reply.errorCode == "LimitExceeded")
    }

    @Test func `a user is renamed, tagged and, once nothing is left of it, deleted`() async throws {
        let test = try await TestS3()
        let ann = await test.iamUser("ann")
        _ = await test.iam("CreateUser", ["UserName": "bob"])
        #expect(
            await test.iam("UpdateUser", ["UserName": "ann", "NewUserName": "BOB"]).errorCode
                == "EntityAlreadyExists"
        )
        let change: KeyValuePairs = ["UserName": "ann", "NewUserName": "eve", "NewPath": "/e/"]
        #expect(await test.iam("UpdateUser", change).status == 200)
        #expect(await test.iam("GetUser", ["UserName": "ann"]).errorCode == "NoSuchEntity")
        #expect(await test.iam("GetUser", ["UserName": "eve"])["Path"] == "/e/")

        let tags: KeyValuePairs = [
            "UserName": "eve", "Tags.member.1.Key": "Team", "Tags.member.1.Value": "red",
        ]
        #expect(await test.iam("TagUser", tags).status == 200)
        #expect(await test.iam("ListUserTags", ["UserName": "eve"])["Value"] == "red")
        #expect(await test.iam("GetUser", ["UserName": "eve"])["Key"] == "Team")
        let untag: KeyValuePairs = ["UserName": "eve", "TagKeys.member.1": "team"]
        #expect(await test.iam("UntagUser", untag).status == 200)
        #expect(await test.iam("ListUserTags", ["UserName": "eve"]).all("Key").isEmpty)

        let busy = await test.iam("DeleteUser", ["UserName": "eve"])
        #expect((busy.status, busy.errorCode) == (409, "DeleteConflict"))
        let key: KeyValuePairs = ["UserName": "eve", "AccessKeyId": ann.accessKey]
        #expect(await test.iam("DeleteAccessKey", key).status == 200)
        #expect(await test.iam("DeleteUser", ["UserName": "eve"]).status == 200)
        #expect(await test.send(.GET, "/", as: ann).errorCode == "InvalidAccessKeyId")
    }

    @Test func `a key is disabled, enabled and deleted, and a user has two at most`() async throws {
        let test = try await TestS3()
        let ann = await test.iamUser("ann")
        _ = await test.iam(
            "AttachUserPolicy",
            ["UserName": "ann", "PolicyArn": amazon + "AmazonS3FullAccess"]
        )
        let id = ann.accessKey
        _ = await test.iam(
            "UpdateAccessKey",
            ["UserName": "ann", "AccessKeyId": id, "Status": "Inactive"]
        )
        #expect(await test.iam("ListAccessKeys", ["UserName": "ann"])["Status"] == "Inactive")
        #expect(await test.send(.GET, "/", as: ann).errorCode == "InvalidAccessKeyId")
        _ = await test.iam(
            "UpdateAccessKey",
            ["UserName": "ann", "AccessKeyId": id, "Status": "Active"]
        )
        #expect(await test.send(.GET, "/", as: ann).status == 200)
        let wrong = await test.iam(
            "UpdateAccessKey",
            ["UserName": "ann", "AccessKeyId": id, "Status": "Off"]
        )
        #expect(wrong.errorCode == "ValidationError")

        #expect(await test.iam("CreateAccessKey", ["UserName": "ann"]).status == 200)
        let third = await test.iam("CreateAccessKey", ["UserName": "ann"])
        #expect((third.status, third.errorCode) == (409, "LimitExceeded"))
        #expect(
            await test.iam("DeleteAccessKey", ["UserName": "ann", "AccessKeyId": "AKIANOBODYSAID"])
                .errorCode == "NoSuchEntity"
        )
    }

    @Test func `without a name, a user means itself`() async throws {
        let test = try await TestS3()
        let ann = try await test.user("ann", policy: "IAMFullAccess")
        #expect(await test.iam("GetUser", as: ann)["UserName"] == "ann")
        #expect(await test.iam("ListAccessKeys", as: ann)["AccessKeyId"] == ann.accessKey)
        #expect(await test.iam("CreateAccessKey", as: ann)["UserName"] == "ann")
        #expect(await test.iam("GetUser")["Arn"] == "arn:aws:iam::000000000000:root")
    }

    @Test func `names are found in any case, and listed in the order that has none`() async throws {
        let test = try await TestS3()
        for name in ["b", "Ad", "aB", "AC"] { _ = await test.iam("CreateUser", ["UserName": name]) }
        #expect(await test.iam("ListUsers").all("UserName") == ["aB", "AC", "Ad", "b"])
        let first = await test.iam("ListUsers", ["MaxItems": "3"])
        let rest = await test.iam("ListUsers", ["Marker": first["Marker"] ?? ""])
        #expect(rest.all("UserName") == ["b"])
        #expect(await test.iam("GetUser", ["UserName": "AB"])["UserName"] == "aB")
        #expect(await test.iam("DeleteUser", ["UserName": "AD"]).status == 200)
        #expect(await test.iam("GetUser", ["UserName": "Ad"]).errorCode == "NoSuchEntity")
        // An ARN is one in its own case.
        let role: KeyValuePairs = [
            "RoleName": "r", "AssumeRolePolicyDocument": trust("arn:aws:iam::000000000000:user/AB"),
        ]
        #expect(await test.iam("CreateRole", role).errorCode == "MalformedPolicyDocument")
    }

    @Test func `users, groups and roles have policies of their own`() async throws {
        let test = try await TestS3()
        _ = await test.iam("CreateUser", ["UserName": "it"])
        _ = await test.iam("CreateGroup", ["GroupName": "it"])
        _ = await test.iam(
            "CreateRole",
            ["RoleName": "it", "AssumeRolePolicyDocument": trust("000000000000")]
        )
        let document = policy("Allow", "s3:GetObject")
        for kind in ["User", "Group", "Role"] {
            let put: KeyValuePairs = [
                "\(kind)Name": "it", "PolicyName": "own", "PolicyDocument": document,
            ]
            #expect(await test.iam("Put\(kind)Policy", put).status == 200)
            let listed = await test.iam("List\(kind)Policies", ["\(kind)Name": "it"])
            #expect(listed["PolicyNames"] == "<member>own</member>")
            let named: KeyValuePairs = ["\(kind)Name": "it", "PolicyName": "own"]
            let found = await test.iam("Get\(kind)Policy", named)
            #expect(found["PolicyDocument"] == PercentCoding.encode(document))
            #expect(
                await test.iam("Delete\(kind)", ["\(kind)Name": "it"]).errorCode == "DeleteConflict"
            )
            #expect(await test.iam("Delete\(kind)Policy", named).status == 200)
            #expect(await test.iam("Get\(kind)Policy", named).errorCode == "NoSuchEntity")
            #expect(await test.iam("Delete\(kind)Policy", named).errorCode == "NoSuchEntity")
            let bad: KeyValuePairs = [
                "\(kind)Name": "it", "PolicyName": "own", "PolicyDocument": #"{"Statement": 1}"#,
            ]
            let refused = await test.iam("Put\(kind)Policy", bad)
            #expect((refused.status, refused.errorCode) == (400, "MalformedPolicyDocument"))
            #expect(await test.iam("Delete\(kind)", ["\(kind)Name": "it"]).status == 200)
        }
    }

    @Test func `a user's own policies have 2,048 characters at most`() async throws {
        let test = try await TestS3()
        _ = await test.iam("CreateUser", ["UserName": "ann"])
        let long = policy(
            "Allow",
            "s3:GetObject",
            "arn:aws:s3:::photos/" + String(repeating: "a", count: 1200)
        )
        let first: KeyValuePairs = ["UserName": "ann", "PolicyName": "a", "PolicyDocument": long]
        #expect(await test.iam("PutUserPolicy", first).status == 200)
        #expect(await test.iam("PutUserPolicy", first).status == 200)
        let second: KeyValuePairs = ["UserName": "ann", "PolicyName": "b", "PolicyDocument": long]
        let refused = await test.iam("PutUserPolicy", second)
        #expect((refused.status, refused.errorCode) == (409, "LimitExceeded"))
    }
}
