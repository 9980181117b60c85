import NIOHTTP1
import Testing

@Suite struct ObjectTaggingTests {
    private func document(_ tags: [(String, String)]) -> String {
        let list = tags.map { "<Tag><Key>\($0)</Key><Value>\($1)</Value></Tag>" }
        return "<Tagging><TagSet>\(list.joined())</TagSet></Tagging>"
    }

    @Test func `tags of a header come back in the order of their names`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(
            .PUT,
            "/photos/a",
            "x",
            headers: ["x-amz-tagging": "size=XL&hue=red&b"]
        )
        let tags = await s3.send(.GET, "/photos/a?tagging")
        #expect(tags.all("Key") == ["b", "hue", "size"])
        #expect(tags.all("Value") == ["", "red", "XL"])
    }

    @Test func `tags are put, told, counted and removed`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x")
        #expect(await s3.send(.GET, "/photos/k?tagging").all("Tag") == [])

        let tags = [("colour", "red"), ("größe", "")]
        #expect(await s3.send(.PUT, "/photos/k?tagging", document(tags)).status == 200)

        let told = await s3.send(.GET, "/photos/k?tagging")
        #expect(told.all("Key") == ["colour", "größe"])
        #expect(told.text.contains("<Key>colour</Key><Value>red</Value>"))
        #expect(await s3.send(.GET, "/photos/k").header("x-amz-tagging-count") == "2")
        #expect(await s3.send(.HEAD, "/photos/k").header("x-amz-tagging-count") == "2")
        #expect(await s3.send(.DELETE, "/photos/k?tagging").status == 204)
        #expect(await s3.send(.GET, "/photos/k?tagging").all("Tag") == [])
        #expect(await s3.send(.GET, "/photos/k").header("x-amz-tagging-count") == nil)
        #expect(await s3.send(.GET, "/photos/k").text == "x")
    }

    @Test func `a header tags what is put, and what an upload becomes`() async throws {
        let s3 = try await TestS3()
        let headers: HTTPHeaders = ["x-amz-tagging": "a=1&b%20c=x%2By&empty"]
        _ = await s3.send(.PUT, "/photos/k", "x", headers: headers)
        #expect(await s3.send(.GET, "/photos/k?tagging").all("Key") == ["a", "b c", "empty"])
        #expect(await s3.send(.GET, "/photos/k?tagging").text.contains("<Value>x+y</Value>"))

        let begun = await s3.send(.POST, "/photos/big?uploads", headers: headers)
        let id = try #require(begun["UploadId"])
        let part = await s3.send(.PUT, "/photos/big?partNumber=1&uploadId=\(id)", "x")
        let etag = try #require(part.header("ETag"))
        let list = "<Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part>"
        let done = await s3.send(
            .POST,
            "/photos/big?uploadId=\(id)",
            "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>"
        )
        #expect(done.status == 200)
        #expect(await s3.send(.GET, "/photos/big?tagging").all("Key") == ["a", "b c", "empty"])
        // A new object has only its own.
        _ = await s3.send(.PUT, "/photos/k", "y")
        #expect(await s3.send(.GET, "/photos/k?tagging").all("Key") == [])
    }

    @Test func `a copy has its source's tags unless it brings its own`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x", headers: ["x-amz-tagging": "a=1"])
        for (directive, tags, expected) in [
            (nil, "b=2", ["a"]), ("COPY", "b=2", ["a"]), ("REPLACE", "b=2", ["b"]),
            ("REPLACE", nil, []),
        ] {
            var headers: HTTPHeaders = ["x-amz-copy-source": "photos/k"]
            if let directive { headers.add(name: "x-amz-tagging-directive", value: directive) }
            if let tags { headers.add(name: "x-amz-tagging", value: tags) }
            #expect(await s3.send(.PUT, "/photos/c", headers: headers).status == 200)
            #expect(await s3.send(.GET, "/photos/c?tagging").all("Key") == expected)
        }
        let wrong = await s3.send(
            .PUT,
            "/photos/c",
            headers: ["x-amz-copy-source": "photos/k", "x-amz-tagging-directive": "MOVE"]
        )
        #expect(wrong.errorCode == "InvalidArgument")
    }

    @Test(arguments: [
        ([(String(repeating: "k", count: 129), "v")], "InvalidTag"),
        ([("k", String(repeating: "v", count: 257))], "InvalidTag"),
        ([("", "v")], "InvalidTag"),
        ([("k", "a;b")], "InvalidTag"),
        ([("aws:k", "v")], "InvalidTag"),
        ([("k", "1"), ("k", "2")], "InvalidTag"),
        ((0...10).map { ("k\($0)", "v") }, "BadRequest"),
    ])
    func `tags that S3 does not take change nothing`(
        tags: [(String, String)],
        code: String
    ) async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x", headers: ["x-amz-tagging": "a=1"])
        #expect(await s3.send(.PUT, "/photos/k?tagging", document(tags)).errorCode == code)
        #expect(await s3.send(.GET, "/photos/k?tagging").all("Key") == ["a"])
    }

    @Test func `the largest tags are taken`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x")
        let tags = (0..<10).map {
            ("\($0)" + String(repeating: "ü", count: 127), String(repeating: "v", count: 256))
        }
        #expect(await s3.send(.PUT, "/photos/k?tagging", document(tags)).status == 200)
        #expect(await s3.send(.GET, "/photos/k?tagging").all("Tag").count == 10)
    }

    @Test(arguments: ["a=1&a=2", "a=%zz"])
    func `a header that is no query is refused`(header: String) async throws {
        let s3 = try await TestS3()
        let reply = await s3.send(.PUT, "/photos/k", "x", headers: ["x-amz-tagging": header])
        #expect(reply.errorCode == "InvalidArgument")
        #expect(await s3.send(.HEAD, "/photos/k").status == 404)
    }

    @Test func `each version has its own tags`() async throws {
        let s3 = try await TestS3()
        let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await s3.send(.PUT, "/photos?versioning", enabled)
        let put = await s3.send(.PUT, "/photos/k", "x", headers: ["x-amz-tagging": "a=1"])
        let first = try #require(put.header("x-amz-version-id"))
        _ = await s3.send(.PUT, "/photos/k", "y")

        let told = await s3.send(.GET, "/photos/k?tagging&versionId=\(first)")
        #expect(told.all("Key") == ["a"])
        #expect(told.header("x-amz-version-id") == first)
        #expect(await s3.send(.GET, "/photos/k?tagging").all("Key") == [])
        _ = await s3.send(.DELETE, "/photos/k?tagging&versionId=\(first)")
        #expect(await s3.send(.GET, "/photos/k?tagging&versionId=\(first)").all("Key") == [])
        _ = await s3.send(.DELETE, "/photos/k")
        // Who names no version means the marker, too.
        for method in [HTTPMethod.GET, .PUT, .DELETE] {
            let body = method == .PUT ? "<Tagging><TagSet/></Tagging>" : ""
            let refused = await s3.send(method, "/photos/k?tagging", body)
            #expect(refused.status == 405 && refused.errorCode == "MethodNotAllowed")
            #expect(refused.all("Method") == [method.rawValue])
            #expect(refused.all("ResourceType") == ["DeleteMarker"])
        }
    }

    @Test func `tagging needs rights of its own`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x", headers: ["x-amz-tagging": "a=1"])
        let user = try await s3.user(
            "writer",
            document: """
                {"Version": "2012-10-17", "Statement":
                  {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}}
                """
        )
        let tagging: HTTPHeaders = ["x-amz-tagging": "b=2"]
        #expect(await s3.send(.PUT, "/photos/n", "x", as: user).status == 200)
        let refused = await s3.send(.PUT, "/photos/n", "x", headers: tagging, as: user)
        #expect(refused.errorCode == "AccessDenied")
        #expect(await s3.send(.GET, "/photos/k?tagging", as: user).errorCode == "AccessDenied")
        #expect(await s3.send(.GET, "/photos/k", as: user).header("x-amz-tagging-count") == nil)
        let copied = await s3.send(
            .PUT,
            "/photos/c",
            headers: ["x-amz-copy-source": "photos/k"],
            as: user
        )
        #expect(copied.errorCode == "AccessDenied")
    }
}

@Suite struct BucketTaggingTests {
    @Test func `a bucket is tagged, told and cleared`() async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.GET, "/photos?tagging").errorCode == "NoSuchTagSet")
        let document = """
            <Tagging><TagSet><Tag><Key>team</Key><Value>web</Value></Tag></TagSet></Tagging>
            """
        #expect(await s3.send(.PUT, "/photos?tagging", document).status == 204)
        #expect(await s3.send(.GET, "/photos?tagging").all("Key") == ["team"])
        #expect(await s3.send(.DELETE, "/photos?tagging").status == 204)
        #expect(await s3.send(.GET, "/photos?tagging").errorCode == "NoSuchTagSet")
        // A set without tags takes away those that there are; a document without a set says nothing.
        _ = await s3.send(.PUT, "/photos?tagging", document)
        #expect(await s3.send(.PUT, "/photos?tagging", "<Tagging/>").errorCode == "MalformedXML")
        #expect(await s3.send(.GET, "/photos?tagging").all("Key") == ["team"])
        let empty = "<Tagging><TagSet/></Tagging>"
        #expect(await s3.send(.PUT, "/photos?tagging", empty).status == 204)
        #expect(await s3.send(.GET, "/photos?tagging").errorCode == "NoSuchTagSet")
        #expect(await s3.send(.PUT, "/nowhere?tagging", document).errorCode == "NoSuchBucket")
    }
}
