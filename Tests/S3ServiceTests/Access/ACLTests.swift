import NIOHTTP1
import ObjectStore
import S3Service
import Signing
import Testing

@Suite struct ACLTests {
    @Test func `a bucket that is made again in us-east-1 gets the list that is asked for now`()
        async throws
    {
        let s3 = try await TestS3.legacy()
        let open: HTTPHeaders = ["x-amz-acl": "public-read"]
        func isOpen() async -> Bool {
            await s3.send(.GET, "/photos?acl").text.contains("groups/global/AllUsers")
        }
        #expect(await s3.send(.PUT, "/photos?acl", headers: open).status == 200)

        #expect(await s3.send(.PUT, "/photos").status == 200)
        #expect(await isOpen() == false)
        #expect(await s3.send(.PUT, "/photos", headers: open).status == 200)
        #expect(await isOpen())
    }

    @Test func `a list is answered as S3 writes it`() async throws {
        let s3 = try await TestS3.legacy()
        let id = s3.store.directory.rootAccount.canonicalID
        #expect(
            await s3.send(.PUT, "/photos?acl", headers: ["x-amz-acl": "public-read"]).status == 200
        )

        let reply = await s3.send(.GET, "/photos?acl")
        let xsi = #"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#
        #expect(
            reply.text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
                <Owner><ID>\(id)</ID><DisplayName>root</DisplayName></Owner><AccessControlList>\
                <Grant><Grantee \(xsi) xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>\
                <Permission>READ</Permission></Grant>\
                <Grant><Grantee \(xsi) xsi:type="CanonicalUser"><ID>\(id)</ID><DisplayName>root</DisplayName></Grantee>\
                <Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>
                """
        )
        // What is answered can be put back.
        #expect(await s3.send(.PUT, "/photos?acl", reply.text).status == 200)
        #expect(await s3.send(.GET, "/photos?acl").text == reply.text)
    }

    @Test(arguments: [
        ("private", 403, 403, 403), ("public-read", 200, 200, 403),
        ("public-read-write", 200, 200, 403), ("authenticated-read", 403, 200, 403),
        ("bucket-owner-read", 403, 403, 403), ("bucket-owner-full-control", 403, 403, 403),
        ("aws-exec-read", 403, 403, 403),
    ])
    func `a canned list opens an object to those whom it stands for`(
        name: String,
        everybody: Int,
        signed: Int,
        unable: Int
    ) async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        let bare = try await s3.user("bare", account: "zoo", policy: nil)
        let acl: HTTPHeaders = ["x-amz-acl": name]

        #expect(await s3.send(.PUT, "/photos/a", "x", headers: acl).status == 200)

        #expect(await s3.anonymous(.GET, "/photos/a").status == everybody)
        #expect(await s3.send(.GET, "/photos/a", as: zoe).status == signed)
        #expect(await s3.send(.GET, "/photos/a", as: bare).status == unable)
        #expect(await s3.anonymous(.GET, "/photos/a?acl").status == 403)
        #expect(await s3.anonymous(.PUT, "/photos/a", "y").status == 403)
        #expect(await s3.send(.GET, "/photos/a").text == "x")
    }

    @Test func `a bucket's list opens listing and writing, and not what objects say`() async throws
    {
        let s3 = try await TestS3.legacy()
        _ = await s3.send(.PUT, "/photos/a", "x")
        _ = await s3.send(.PUT, "/photos?acl", headers: ["x-amz-acl": "public-read-write"])

        #expect(await s3.anonymous(.GET, "/photos")["Key"] == "a")
        #expect(await s3.anonymous(.GET, "/photos/a").status == 403)
        #expect(await s3.anonymous(.PUT, "/photos/b", "y").status == 200)
        #expect(await s3.send(.GET, "/photos?prefix=b")["ID"] == "65a011a29cdf8ec533ec3d1ccaae921c")
        #expect(await s3.anonymous(.DELETE, "/photos/b").status == 204)
        #expect(await s3.anonymous(.GET, "/photos?acl").status == 403)
        #expect(await s3.anonymous(.GET, "/photos?versioning").status == 403)
    }

    // "Allows grantee to create new objects in the bucket. For the bucket and object owners of existing objects, also
    // allows deletions and overwrites of those objects": https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
    @Test func `who may write by a list deletes what is its own, and no version for good`()
        async throws
    {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await s3.send(.PUT, "/photos?versioning", enabled)
        _ = await s3.send(.PUT, "/photos?acl", headers: ["x-amz-acl": "public-read-write"])
        _ = await s3.send(.PUT, "/photos/owners", "x")
        let own = await s3.send(.PUT, "/photos/zoes", "y", as: zoe).header("x-amz-version-id")
        let version = try #require(own)

        for key in ["owners", "none"] {
            #expect(await s3.send(.DELETE, "/photos/\(key)", as: zoe).status == 403)
            #expect(await s3.anonymous(.DELETE, "/photos/\(key)").status == 403)
        }
        #expect(await s3.anonymous(.DELETE, "/photos/zoes?versionId=\(version)").status == 403)
        let forGood = "/photos/zoes?versionId=\(version)"
        #expect(await s3.send(.DELETE, forGood, as: zoe).status == 403)
        let objects = ["owners", "zoes"].map { "<Object><Key>\($0)</Key></Object>" }
        let list = "<Delete>\(objects.joined())</Delete>"
        let reply = await s3.send(
            .POST,
            "/photos?delete",
            list,
            headers: ["x-amz-checksum-crc32": crc32(list)],
            as: zoe
        )
        #expect(reply.all("Code") == ["AccessDenied"])
        #expect(reply.all("Key") == ["owners", "zoes"])
        #expect(await s3.send(.GET, "/photos/owners").text == "x")
        #expect(await s3.send(.GET, "/photos/zoes").status == 404)
        // It is the bucket owner's to delete what others wrote.
        #expect(await s3.send(.DELETE, forGood).status == 204)
    }

    @Test func `an upload is ended by who began it, and not by all who may write`() async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.send(.PUT, "/photos?acl", headers: ["x-amz-acl": "public-read-write"])
        let begun = await s3.send(.POST, "/photos/a?uploads", as: zoe)
        let id = try #require(begun["UploadId"])

        #expect(await s3.anonymous(.DELETE, "/photos/a?uploadId=\(id)").status == 403)
        #expect(await s3.anonymous(.DELETE, "/photos/a?uploadId=x").status == 403)
        #expect(await s3.send(.DELETE, "/photos/a?uploadId=\(id)", as: zoe).status == 204)
    }

    @Test func `a bucket's owner writes over another's object, with tags too`() async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.send(.PUT, "/photos?acl", headers: ["x-amz-acl": "public-read-write"])
        _ = await s3.send(.PUT, "/photos/a", "zoe's", as: zoe)
        let tags: HTTPHeaders = ["x-amz-tagging": "a=b"]

        let none = "<Tagging><TagSet></TagSet></Tagging>"
        #expect(await s3.send(.PUT, "/photos/a?tagging", none).errorCode == "AccessDenied")
        #expect(await s3.send(.PUT, "/photos/a", "mine", headers: tags).status == 200)
        // A list's WRITE is no right to tag.
        #expect(await s3.send(.PUT, "/photos/b", "b", headers: tags, as: zoe).status == 403)
    }

    @Test func `grants in headers name accounts by ID and address, and groups`() async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        let id = s3.canonicalID(of: zoe)
        let grants: HTTPHeaders = [
            "x-amz-grant-read":
                "id=\"\(id)\", uri=\"http://acs.amazonaws.com/groups/global/AuthenticatedUsers\"",
            "x-amz-grant-read-acp": "emailAddress=\"zoo@localhost\"",
        ]
        #expect(await s3.send(.PUT, "/photos/a", "x", headers: grants).status == 200)

        let list = await s3.send(.GET, "/photos/a?acl", as: zoe)
        #expect(list.status == 200)
        #expect(list.all("Permission") == ["READ", "READ", "READ_ACP"])
        #expect(await s3.send(.GET, "/photos/a", as: zoe).text == "x")
        #expect(await s3.send(.PUT, "/photos/a?acl", list.text, as: zoe).status == 403)
        // Nobody granted the owner anything, and it is the owner's all the same.
        #expect(await s3.send(.GET, "/photos/a").status == 200)
        func refused(_ name: String, _ value: String) async -> String? {
            await s3.send(.PUT, "/photos/b", "x", headers: [name: value]).errorCode
        }
        #expect(await refused("x-amz-grant-read", "id=\"nobody\"") == "InvalidArgument")
        #expect(await refused("x-amz-grant-read", "uri=\"http://x\"") == "InvalidArgument")
        #expect(await refused("x-amz-grant-read", "zoe") == "InvalidArgument")
        #expect(
            await refused("x-amz-grant-read", "emailAddress=\"x@y\"")
                == "UnresolvableGrantByEmailAddress"
        )
        var both = grants
        both.add(name: "x-amz-acl", value: "private")
        #expect(await s3.send(.PUT, "/photos/b", "x", headers: both).errorCode == "InvalidRequest")
    }

    @Test func `a document that is no list is refused`() async throws {
        let s3 = try await TestS3.legacy()
        let zoe = try await s3.user("zoe", account: "zoo", document: everything)
        _ = await s3.send(.PUT, "/photos/a", "x")
        let list = await s3.send(.GET, "/photos/a?acl").text
        let own = try #require(await s3.send(.GET, "/")["ID"])
        let another = try #require(await s3.send(.GET, "/", as: zoe)["ID"])
        for (body, code) in [
            ("", "MissingSecurityHeader"), ("<x/>", "MalformedXML"),
            ("<AccessControlPolicy/>", "MalformedACLError"),
            (list.replacing("FULL_CONTROL", with: "ALL"), "MalformedACLError"),
            (list.replacing("<Owner><ID>", with: "<Owner><ID>0"), "InvalidArgument"),
            (list.replacing("<Owner><ID>\(own)", with: "<Owner><ID>\(another)"), "AccessDenied"),
        ] {
            #expect(await s3.send(.PUT, "/photos/a?acl", body).errorCode == code)
        }
    }

    @Test func `versions have lists of their own, copies and uploads get theirs anew`() async throws
    {
        let s3 = try await TestS3.legacy()
        let open: HTTPHeaders = ["x-amz-acl": "public-read"]
        let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await s3.send(.PUT, "/photos?versioning", enabled)
        let first = await s3.send(.PUT, "/photos/a", "1", headers: open).header("x-amz-version-id")
        _ = await s3.send(.PUT, "/photos/a", "2")
        let version = try #require(first)

        #expect(await s3.anonymous(.GET, "/photos/a").status == 403)
        #expect(await s3.anonymous(.GET, "/photos/a?versionId=\(version)").text == "1")
        let close: HTTPHeaders = ["x-amz-acl": "private"]
        #expect(
            await s3.send(.PUT, "/photos/a?acl&versionId=\(version)", headers: close).status == 200
        )
        #expect(await s3.anonymous(.GET, "/photos/a?versionId=\(version)").status == 403)
        var copy = open
        copy.add(name: "x-amz-copy-source", value: "photos/a")
        #expect(await s3.send(.PUT, "/photos/b", headers: copy).status == 200)
        #expect(await s3.anonymous(.GET, "/photos/b").text == "2")
        let begun = await s3.send(.POST, "/photos/c?uploads", headers: open)
        let id = try #require(begun["UploadId"])
        let part = await s3.send(.PUT, "/photos/c?uploadId=\(id)&partNumber=1", "part")
        let etag = part.header("ETag") ?? ""
        let list = "<Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part>"
        let done = await s3.send(
            .POST,
            "/photos/c?uploadId=\(id)",
            "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>"
        )
        #expect(done.status == 200)
        #expect(await s3.anonymous(.GET, "/photos/c").text == "part")
        let form = UploadForm(key: "d", ["acl": "public-read"]).signed()
        #expect(await s3.post(form).status == 204)
        #expect(await s3.anonymous(.GET, "/photos/d").text == "meow")
    }

    @Test func `a bucket is made with a list, where lists count`() async throws {
        let s3 = try await TestS3.legacy()

        #expect(await s3.send(.PUT, "/open", headers: ["x-amz-acl": "public-read"]).status == 200)

        #expect(await s3.anonymous(.GET, "/open").status == 200)
        #expect(await s3.anonymous(.GET, "/photos").status == 403)
    }

    @Test func `who writes an object with a list needs the right to set one`() async throws {
        let s3 = try await TestS3.legacy()
        let put = #"{"Statement": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}"#
        let ann = try await s3.user("ann", document: put)
        let open: HTTPHeaders = ["x-amz-acl": "public-read"]

        #expect(await s3.send(.PUT, "/photos/a", "x", as: ann).status == 200)
        #expect(await s3.send(.PUT, "/photos/a", "x", headers: open, as: ann).status == 403)
    }
}
