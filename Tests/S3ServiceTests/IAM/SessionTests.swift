import Digests
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@Suite struct SessionTests {
    private let account = "000000000000"

    @Test func `STS tells who asks`() async throws {
        let test = try await TestS3()
        let root = await test.sts("GetCallerIdentity")
        #expect(root["Arn"] == "arn:aws:iam::000000000000:root")
        #expect((root["UserId"], root["Account"]) == (account, account))
        #expect(root.text.contains("https://sts.amazonaws.com/doc/2011-06-15/"))
        let ann = try await test.user("ann", policy: nil)
        #expect(
            await test.sts("GetCallerIdentity", as: ann)["Arn"]
                == "arn:aws:iam::000000000000:user/ann"
        )
    }

    @Test func `a session of a user does what the user may, until it ends`() async throws {
        let test = try await TestS3()
        let ann = try await test.user("ann", policy: "AmazonS3FullAccess")
        let reply = await test.sts("GetSessionToken", ["DurationSeconds": "900"], as: ann)
        let session = reply.temporary
        #expect(session.accessKey.hasPrefix("ASIA"))
        #expect(reply["Expiration"] == "2023-11-14T22:28:20Z")
        #expect(await test.send(.PUT, "/photos/cat", "meow", as: session).status == 200)

        let bare = Credential(accessKey: session.accessKey, secret: session.secret)
        let noToken = await test.send(.GET, "/photos/cat", as: bare)
        #expect((noToken.status, noToken.errorCode) == (403, "InvalidAccessKeyId"))
        let other = Credential(
            accessKey: session.accessKey,
            secret: session.secret,
            sessionToken: "another"
        )
        let wrongToken = await test.send(.GET, "/photos/cat", as: other)
        #expect((wrongToken.status, wrongToken.errorCode) == (400, "InvalidToken"))

        #expect(await test.sts("GetSessionToken", as: session).errorCode == "AccessDenied")
        #expect(await test.iam("ListUsers", as: session).errorCode == "InvalidClientTokenId")
        let target = SignatureV4.presign(
            SignableRequest(
                method: "GET",
                target: "/photos/cat",
                headers: ["host": "127.0.0.1:9000"]
            ),
            by: session,
            region: "us-east-1",
            expiresIn: 3600,
            at: test.time.now()
        )
        #expect(await test.anonymous(.GET, target).text == "meow")

        test.time.advance(bySeconds: 900)
        let late = await test.send(.GET, "/photos/cat", as: session)
        #expect((late.status, late.errorCode) == (400, "ExpiredToken"))
        #expect(await test.anonymous(.GET, target).errorCode == "ExpiredToken")
        let asked = await test.sts("GetCallerIdentity", as: session)
        #expect((asked.status, asked.errorCode) == (403, "ExpiredToken"))
    }

    @Test func `the root has sessions of an hour at most, and a user's last at least a quarter`()
        async throws
    {
        let test = try await TestS3()
        let reply = await test.sts("GetSessionToken", ["DurationSeconds": "7200"])
        #expect(reply["Expiration"] == "2023-11-14T23:13:20Z")
        #expect(await test.send(.GET, "/photos", as: reply.temporary).status == 200)
        #expect(
            await test.sts("GetSessionToken", ["DurationSeconds": "899"]).errorCode
                == "ValidationError"
        )
        #expect(
            await test.sts("GetSessionToken", ["SerialNumber": "s", "TokenCode": "1"]).errorCode
                == "AccessDenied"
        )
    }

    private func role(
        _ test: TestS3,
        trust: String,
        policy: String = policy("Allow", "s3:*")
    ) async -> String {
        let made = await test.iam(
            "CreateRole",
            ["RoleName": "r", "Path": "/p/", "AssumeRolePolicyDocument": trust]
        )
        _ = await test.iam(
            "PutRolePolicy",
            ["RoleName": "r", "PolicyName": "own", "PolicyDocument": policy]
        )
        return made["Arn"] ?? ""
    }

    @Test func `whom a role trusts becomes it, and is known by its session`() async throws {
        let test = try await TestS3()
        let ann = try await test.user("ann", policy: nil)
        let arn = await role(test, trust: trust("arn:aws:iam::000000000000:user/ann"))
        #expect(arn == "arn:aws:iam::000000000000:role/p/r")
        let (reply, session) = await test.become(arn, as: ann)
        #expect(reply["Arn"] == "arn:aws:sts::000000000000:assumed-role/r/night")
        #expect(reply["AssumedRoleId"]?.hasPrefix("AROA") == true)
        #expect(reply["Expiration"] == "2023-11-14T23:13:20Z")
        #expect(reply.all("PackedPolicySize").isEmpty)
        #expect(await test.send(.PUT, "/photos/cat", "meow", as: session).status == 200)
        let who = await test.sts("GetCallerIdentity", as: session)
        #expect(who["UserId"] == reply["AssumedRoleId"])
        #expect(who["Arn"] == reply["Arn"])

        let bob = try await test.user("bob", policy: "AdministratorAccess")
        #expect(await test.become(arn, as: bob).reply.errorCode == "AccessDenied")
        #expect(await test.become(arn + "x", as: bob).reply.errorCode == "AccessDenied")
        #expect(await test.become(arn, as: TestS3.root).reply.errorCode == "AccessDenied")

        _ = await test.iam("DeleteRolePolicy", ["RoleName": "r", "PolicyName": "own"])
        #expect(await test.send(.GET, "/photos/cat", as: session).errorCode == "AccessDenied")
        #expect(await test.iam("DeleteRole", ["RoleName": "r"]).status == 200)
        #expect(await test.send(.GET, "/photos/cat", as: session).errorCode == "InvalidAccessKeyId")
    }

    @Test func `a role that trusts an account leaves it to the account's policies`() async throws {
        let test = try await TestS3()
        let arn = await role(test, trust: trust(account))
        let ann = try await test.user("ann", policy: nil)
        #expect(await test.become(arn, as: ann).reply.errorCode == "AccessDenied")
        let bob = try await test.user("bob", document: policy("Allow", "sts:AssumeRole", arn))
        #expect(await test.become(arn, as: bob).reply.status == 200)
        let zoe = try await test.user("zoe", account: "zoo", policy: "AdministratorAccess")
        #expect(await test.become(arn, as: zoe).reply.errorCode == "AccessDenied")
        let open: KeyValuePairs = [
            "RoleName": "r", "PolicyDocument": trust(test.account(of: zoe)),
        ]
        #expect(await test.iam("UpdateAssumeRolePolicy", open).status == 200)
        #expect(await test.become(arn, as: zoe).reply.status == 200)
    }

    @Test func `an external ID, and the tags of a session, are asked for by conditions`()
        async throws
    {
        let test = try await TestS3()
        let condition = #", "Condition": {"StringEquals": {"sts:ExternalId": "42"}}"#
        let ann = try await test.user("ann", policy: nil)
        let name = "arn:aws:iam::000000000000:user/ann"
        let arn = await role(
            test,
            trust: trust(name, condition: condition),
            policy: policy("Allow", "s3:*", "arn:aws:s3:::photos/${aws:PrincipalTag/team}/*")
        )
        #expect(await test.become(arn, as: ann).reply.errorCode == "AccessDenied")
        #expect(await test.become(arn, ["ExternalId": "42"], as: ann).reply.status == 200)
        let tags: KeyValuePairs = [
            "ExternalId": "42", "Tags.member.1.Key": "team", "Tags.member.1.Value": "red",
        ]
        #expect(await test.become(arn, tags, as: ann).reply.errorCode == "AccessDenied")
        let both = trust(name, action: "sts:*", condition: condition)
        _ = await test.iam("UpdateAssumeRolePolicy", ["RoleName": "r", "PolicyDocument": both])
        let (reply, session) = await test.become(arn, tags, as: ann)
        #expect(reply["PackedPolicySize"] == "1")
        #expect(await test.send(.PUT, "/photos/red/cat", "meow", as: session).status == 200)
        #expect(
            await test.send(.PUT, "/photos/blue/cat", "meow", as: session).errorCode
                == "AccessDenied"
        )
    }

    @Test func `what was to narrow a session and cannot be read makes none`() async throws {
        let test = try await TestS3()
        let ann = try await test.user("ann", policy: nil)
        let arn = await role(test, trust: trust("arn:aws:iam::000000000000:user/ann"))
        for parameters: KeyValuePairs in [
            ["Policy": ""], ["PolicyArns.member.2.arn": amazon + "AmazonS3ReadOnlyAccess"],
            ["PolicyArns.member.1": amazon + "AmazonS3ReadOnlyAccess"],
            ["PolicyArns.member.1.arn": ""],
        ] {
            let reply = await test.become(arn, parameters, as: ann).reply
            #expect(reply.status == 400, "\(parameters)")
        }
        // This is how clients send an empty list.
        #expect(await test.become(arn, ["PolicyArns": ""], as: ann).reply.status == 200)
    }

    @Test func `a session is narrowed by its policies, and only what names it escapes them`()
        async throws
    {
        let test = try await TestS3()
        _ = await test.send(.PUT, "/photos/cat", "meow")
        let ann = try await test.user("ann", policy: nil)
        let arn = await role(test, trust: trust("arn:aws:iam::000000000000:user/ann"))
        let own: KeyValuePairs = ["Policy": policy("Allow", "s3:GetObject")]
        let narrow = await test.become(arn, own, as: ann).credential
        #expect(await test.send(.GET, "/photos/cat", as: narrow).status == 200)
        #expect(
            await test.send(.PUT, "/photos/dog", "wuff", as: narrow).errorCode == "AccessDenied"
        )
        let named: KeyValuePairs = [
            "PolicyArns.member.1.arn": amazon + "AmazonS3ReadOnlyAccess"
        ]
        let reader = await test.become(arn, named, as: ann).credential
        #expect(await test.send(.GET, "/photos", as: reader).status == 200)
        #expect(
            await test.send(.PUT, "/photos/dog", "wuff", as: reader).errorCode == "AccessDenied"
        )

        _ = await test.allow(statement("Allow", #"{"AWS": "\#(arn)"}"#, "s3:PutObject"))
        #expect(
            await test.send(.PUT, "/photos/dog", "wuff", as: narrow).errorCode == "AccessDenied"
        )
        let session = "arn:aws:sts::000000000000:assumed-role/r/night"
        _ = await test.allow(statement("Allow", #"{"AWS": "\#(session)"}"#, "s3:PutObject"))
        #expect(await test.send(.PUT, "/photos/dog", "wuff", as: narrow).status == 200)
        _ = await test.allow(statement("Deny", #"{"AWS": "\#(arn)"}"#, "s3:GetObject"))
        #expect(await test.send(.GET, "/photos/cat", as: narrow).errorCode == "AccessDenied")
    }

    @Test func `a role says how long its sessions may be`() async throws {
        let test = try await TestS3()
        let ann = try await test.user("ann", policy: nil)
        let arn = await role(test, trust: trust("arn:aws:iam::000000000000:user/ann"))
        let long: KeyValuePairs = ["DurationSeconds": "7200"]
        #expect(await test.become(arn, long, as: ann).reply.errorCode == "ValidationError")
        _ = await test.iam("UpdateRole", ["RoleName": "r", "MaxSessionDuration": "7200"])
        #expect(await test.become(arn, long, as: ann).reply["Expiration"] == "2023-11-15T00:13:20Z")
        #expect(await test.iam("GetRole", ["RoleName": "r"])["MaxSessionDuration"] == "7200")
        _ = await test.iam("UpdateRoleDescription", ["RoleName": "r", "Description": "why"])
        #expect(await test.iam("ListRoles")["Description"] == "why")
        for wrong: KeyValuePairs<String, String> in [
            ["DurationSeconds": "899"], ["Policy": "{"], ["SourceIdentity": "x"],
        ] {
            #expect(await test.become(arn, wrong, as: ann).reply.status >= 400)
        }
        let bad = await test.iam(
            "CreateRole",
            ["RoleName": "q", "AssumeRolePolicyDocument": policy("Allow", "sts:AssumeRole")]
        )
        #expect((bad.status, bad.errorCode) == (400, "MalformedPolicyDocument"))
        let stranger = trust("arn:aws:iam::000000000000:user/nobody")
        #expect(
            await test.iam(
                "CreateRole",
                ["RoleName": "q", "AssumeRolePolicyDocument": stranger]
            ).errorCode == "MalformedPolicyDocument"
        )
    }

    @Test func `what is denied to older sessions is denied to them alone`() async throws {
        let test = try await TestS3()
        let ann = try await test.user("ann", policy: nil)
        let arn = await role(test, trust: trust("arn:aws:iam::000000000000:user/ann"))
        let old = await test.become(arn, as: ann).credential
        test.time.advance(bySeconds: 60)
        // What the console of AWS puts on a role to revoke its sessions.
        let revoke = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": ["*"], "Resource": ["*"],
              "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2023-11-14T22:14:20.000Z"}}}]}
            """
        let put: KeyValuePairs = [
            "RoleName": "r", "PolicyName": "AWSRevokeOlderSessions", "PolicyDocument": revoke,
        ]
        #expect(await test.send(.GET, "/photos", as: old).status == 200)
        #expect(await test.iam("PutRolePolicy", put).status == 200)
        #expect(await test.send(.GET, "/photos", as: old).errorCode == "AccessDenied")
        let new = await test.become(arn, as: ann).credential
        #expect(await test.send(.GET, "/photos", as: new).status == 200)
        // A key that lasts has no such time.
        let own = policy("Allow", "s3:*")
        _ = await test.iam(
            "PutUserPolicy",
            ["UserName": "ann", "PolicyName": "own", "PolicyDocument": own]
        )
        let deny: KeyValuePairs = [
            "UserName": "ann", "PolicyName": "revoke", "PolicyDocument": revoke,
        ]
        #expect(await test.iam("PutUserPolicy", deny).status == 200)
        #expect(await test.send(.GET, "/photos", as: ann).status == 200)
    }

    @Test func `what needs an identity provider is refused by name, signed or not`() async throws {
        let test = try await TestS3()
        for credential in [nil, TestS3.root] {
            let reply = await test.query(
                "sts",
                "2011-06-15",
                "AssumeRoleWithWebIdentity",
                [("RoleArn", "arn:aws:iam::000000000000:role/r")],
                as: credential
            )
            #expect((reply.status, reply.errorCode) == (501, "NotImplemented"))
            #expect(reply["Message"]?.contains("identity provider") == true)
        }
    }
}
