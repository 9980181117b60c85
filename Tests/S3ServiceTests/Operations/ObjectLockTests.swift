import Digests
import NIOHTTP1
import S3Protocol
import Testing

@Suite struct ObjectLockTests {
    private static let far = "2040-01-01T00:00:00.000Z"
    private static let bypass: HTTPHeaders = ["x-amz-bypass-governance-retention": "true"]

    /// A service with a bucket `vault` that was made with locks, and an object `k` in it.
    private func vault() async throws -> (s3: TestS3, version: String) {
        let s3 = try await TestS3()
        let made = await s3.send(
            .PUT,
            "/vault",
            headers: ["x-amz-bucket-object-lock-enabled": "true"]
        )
        #expect(made.status == 200)
        let put = await s3.send(.PUT, "/vault/k", "kept")
        return (s3, try #require(put.header("x-amz-version-id")))
    }

    private func retention(_ mode: String, _ until: String = far) -> String {
        "<Retention><Mode>\(mode)</Mode><RetainUntilDate>\(until)</RetainUntilDate></Retention>"
    }

    private func configuration(_ period: String, mode: String = "GOVERNANCE") -> String {
        """
        <ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
        <Mode>\(mode)</Mode>\(period)</DefaultRetention></Rule></ObjectLockConfiguration>
        """
    }

    @Test func `a bucket made with locks keeps versions, and cannot stop`() async throws {
        let (s3, _) = try await vault()
        #expect(await s3.send(.GET, "/vault?versioning")["Status"] == "Enabled")
        #expect(await s3.send(.GET, "/vault?object-lock")["ObjectLockEnabled"] == "Enabled")
        let suspended = await s3.send(
            .PUT,
            "/vault?versioning",
            "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
        )
        #expect((suspended.status, suspended.errorCode) == (409, "InvalidBucketState"))
    }

    @Test func `a bucket without locks has none, and needs versions to get them`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x")
        let none = await s3.send(.GET, "/photos?object-lock")
        #expect((none.status, none.errorCode) == (404, "ObjectLockConfigurationNotFoundError"))
        let locks = configuration("<Days>1</Days>")
        #expect(await s3.putWithMD5("/photos?object-lock", locks).errorCode == "InvalidBucketState")
        for target in ["retention", "legal-hold"] {
            #expect(await s3.send(.GET, "/photos/k?\(target)").errorCode == "InvalidRequest")
        }
        let asked = await s3.send(
            .PUT,
            "/photos/k",
            "y",
            headers: [
                "x-amz-object-lock-legal-hold": "ON",
                "content-md5": Base64.encode(HashFunction.hash(.md5, Array("y".utf8))),
            ]
        )
        #expect(asked.errorCode == "InvalidRequest")
        #expect(await s3.send(.GET, "/photos/k").text == "x")

        let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await s3.send(.PUT, "/photos?versioning", enabled)
        #expect(await s3.putWithMD5("/photos?object-lock", locks).status == 200)
        #expect(await s3.send(.GET, "/photos?object-lock").text.contains("<Days>1</Days>"))
    }

    // AWS's codes: MalformedXML for what the schema forbids, InvalidArgument for the period.
    @Test(arguments: [
        ("<Days>1</Days><Years>1</Years>", "GOVERNANCE", "MalformedXML"),
        ("", "GOVERNANCE", "MalformedXML"), ("<Days>x</Days>", "GOVERNANCE", "MalformedXML"),
        ("<Days>1</Days>", "governance", "MalformedXML"),
        ("<Days>0</Days>", "GOVERNANCE", "InvalidArgument"),
        ("<Years>-1</Years>", "COMPLIANCE", "InvalidArgument"),
        ("<Days>36501</Days>", "COMPLIANCE", "InvalidArgument"),
    ])
    func `a default retention that is none is refused`(
        period: String,
        mode: String,
        code: String
    ) async throws {
        let (s3, _) = try await vault()
        let reply = await s3.putWithMD5("/vault?object-lock", configuration(period, mode: mode))
        #expect(reply.errorCode == code)
    }

    @Test func `new versions get the default retention, which ends`() async throws {
        let (s3, _) = try await vault()
        _ = await s3.putWithMD5("/vault?object-lock", configuration("<Days>2</Days>"))
        let version = try #require(
            await s3.putWithMD5("/vault/d", "x").header("x-amz-version-id")
        )
        let told = await s3.send(.GET, "/vault/d?retention")
        #expect(told["Mode"] == "GOVERNANCE")
        #expect(
            told["RetainUntilDate"] == ISO8601.format(s3.time.now().advanced(bySeconds: 172_800))
        )
        let head = await s3.send(.HEAD, "/vault/d")
        #expect(head.header("x-amz-object-lock-mode") == "GOVERNANCE")
        #expect(head.header("x-amz-object-lock-retain-until-date") == told["RetainUntilDate"])

        let target = "/vault/d?versionId=\(version)"
        #expect(await s3.send(.DELETE, target).errorCode == "AccessDenied")
        s3.time.advance(bySeconds: 172_801)
        #expect(await s3.send(.DELETE, target).status == 204)
    }

    @Test func `GOVERNANCE is lifted by those who may, and only when they say so`() async throws {
        let (s3, version) = try await vault()
        #expect(await s3.putWithMD5("/vault/k?retention", retention("GOVERNANCE")).status == 200)
        let user = try await s3.user(
            "deleter",
            document: """
                {"Version": "2012-10-17", "Statement":
                  {"Effect": "Allow", "Action": ["s3:Delete*", "s3:Put*"], "Resource": "*"}}
                """
        )
        let target = "/vault/k?versionId=\(version)"
        #expect(await s3.send(.DELETE, target).errorCode == "AccessDenied")
        let refused = await s3.send(.DELETE, target, headers: Self.bypass, as: user)
        #expect(refused.errorCode == "AccessDenied")
        let shorter = retention("GOVERNANCE", "2030-01-01T00:00:00Z")
        #expect(await s3.putWithMD5("/vault/k?retention", shorter).errorCode == "AccessDenied")
        let lifted = await s3.putWithMD5("/vault/k?retention", shorter, headers: Self.bypass)
        #expect(lifted.status == 200)
        #expect(await s3.send(.DELETE, target, headers: Self.bypass).status == 204)
    }

    @Test func `GOVERNANCE becomes COMPLIANCE only by those who may lift it`() async throws {
        let (s3, _) = try await vault()
        #expect(await s3.putWithMD5("/vault/k?retention", retention("GOVERNANCE")).status == 200)
        let strict = retention("COMPLIANCE")
        #expect(await s3.putWithMD5("/vault/k?retention", strict).errorCode == "AccessDenied")
        #expect(
            await s3.putWithMD5("/vault/k?retention", strict, headers: Self.bypass).status == 200
        )
        #expect(await s3.send(.GET, "/vault/k?retention")["Mode"] == "COMPLIANCE")
    }

    // Seen by many clients: https://github.com/s3tools/s3cmd/issues/1436
    @Test func `where versions are locked by default, a body needs a digest`() async throws {
        let (s3, _) = try await vault()
        _ = await s3.putWithMD5("/vault?object-lock", configuration("<Days>2</Days>"))
        let object = await s3.send(.PUT, "/vault/d", "x")
        #expect((object.status, object.errorCode) == (400, "InvalidRequest"))
        #expect(object["Message"]?.contains("required for Put Object requests") == true)
        #expect(await s3.send(.HEAD, "/vault/d").status == 404)
        let id = try #require(await s3.send(.POST, "/vault/m?uploads")["UploadId"])
        let target = "/vault/m?partNumber=1&uploadId=\(id)"
        let part = await s3.send(.PUT, target, "x")
        #expect(part["Message"]?.contains("required for Put Part requests") == true)
        #expect(await s3.putWithMD5(target, "x").status == 200)
    }

    @Test func `a lock is set by documents with a digest`() async throws {
        let (s3, _) = try await vault()
        let documents = [
            "/vault?object-lock": configuration("<Days>2</Days>"),
            "/vault/k?retention": retention("GOVERNANCE"),
            "/vault/k?legal-hold": "<LegalHold><Status>ON</Status></LegalHold>",
        ]
        for (target, document) in documents {
            #expect(
                await s3.send(.PUT, target, document).errorCode == "InvalidRequest",
                "\(target)"
            )
            #expect(await s3.putWithMD5(target, document).status == 200, "\(target)")
        }
    }

    @Test func `COMPLIANCE is prolonged, and neither shortened, weakened nor lifted`() async throws
    {
        let (s3, version) = try await vault()
        #expect(await s3.putWithMD5("/vault/k?retention", retention("COMPLIANCE")).status == 200)
        for changed in [
            retention("COMPLIANCE", "2030-01-01T00:00:00Z"), retention("GOVERNANCE"),
            "<Retention/>",
        ] {
            let reply = await s3.putWithMD5("/vault/k?retention", changed, headers: Self.bypass)
            #expect(reply.errorCode == "AccessDenied")
        }
        let longer = retention("COMPLIANCE", "2041-01-01T00:00:00Z")
        #expect(await s3.putWithMD5("/vault/k?retention", longer).status == 200)
        let reply = await s3.send(
            .DELETE,
            "/vault/k?versionId=\(version)",
            headers: Self.bypass
        )
        #expect(reply.errorCode == "AccessDenied")
        // A delete marker hides the version and harms it not.
        #expect(await s3.send(.DELETE, "/vault/k").status == 204)
        #expect(await s3.send(.GET, "/vault/k?versionId=\(version)").text == "kept")
    }

    @Test func `a legal hold keeps a version until it is lifted`() async throws {
        let (s3, version) = try await vault()
        let none = await s3.send(.GET, "/vault/k?legal-hold")
        #expect((none.status, none.errorCode) == (404, "NoSuchObjectLockConfiguration"))
        let target = "/vault/k?versionId=\(version)"
        for (status, code) in [("ON", 403), ("OFF", 204)] {
            let hold = "<LegalHold><Status>\(status)</Status></LegalHold>"
            #expect(await s3.putWithMD5("/vault/k?legal-hold", hold).status == 200)
            #expect(await s3.send(.GET, "/vault/k?legal-hold")["Status"] == status)
            #expect(await s3.send(.DELETE, target, headers: Self.bypass).status == code)
        }
        let bad = await s3.putWithMD5(
            "/vault/k?legal-hold",
            "<LegalHold><Status>x</Status></LegalHold>"
        )
        #expect(bad.errorCode == "MalformedXML")
    }

    @Test func `DeleteObjects keeps what is locked and deletes the rest`() async throws {
        let (s3, locked) = try await vault()
        _ = await s3.putWithMD5("/vault/k?retention", retention("GOVERNANCE"))
        let free = try #require(await s3.send(.PUT, "/vault/f", "x").header("x-amz-version-id"))
        let document = """
            <Delete><Object><Key>k</Key><VersionId>\(locked)</VersionId></Object>\
            <Object><Key>f</Key><VersionId>\(free)</VersionId></Object></Delete>
            """
        let md5 = Base64.encode(HashFunction.hash(.md5, Array(document.utf8)))
        let reply = await s3.send(.POST, "/vault?delete", document, headers: ["content-md5": md5])
        #expect(reply.all("Code") == ["AccessDenied"])
        #expect(reply.all("Deleted") == ["<Key>f</Key><VersionId>\(free)</VersionId>"])
    }

    @Test func `a write brings its own lock, an upload in parts too`() async throws {
        let (s3, _) = try await vault()
        let lock: HTTPHeaders = [
            "x-amz-object-lock-mode": "COMPLIANCE",
            "x-amz-object-lock-retain-until-date": Self.far, "x-amz-object-lock-legal-hold": "ON",
        ]
        let bare = await s3.send(.PUT, "/vault/p", "x", headers: lock)
        #expect(bare.errorCode == "InvalidRequest")
        var headers = lock
        headers.add(
            name: "content-md5",
            value: Base64.encode(HashFunction.hash(.md5, Array("x".utf8)))
        )
        #expect(await s3.send(.PUT, "/vault/p", "x", headers: headers).status == 200)

        let begun = await s3.send(.POST, "/vault/m?uploads", headers: lock)
        let id = try #require(begun["UploadId"])
        let target = "/vault/m?partNumber=1&uploadId=\(id)"
        #expect(await s3.send(.PUT, target, "x").errorCode == "InvalidRequest")
        let part = await s3.putWithMD5(target, "x")
        let etag = try #require(part.header("ETag"))
        let list = "<Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part>"
        let done = await s3.send(
            .POST,
            "/vault/m?uploadId=\(id)",
            "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>"
        )
        #expect(done.status == 200)
        _ = await s3.send(.PUT, "/vault/c", headers: ["x-amz-copy-source": "vault/p"])
        for (key, mode) in [("p", "COMPLIANCE"), ("m", "COMPLIANCE"), ("c", nil)] {
            let head = await s3.send(.HEAD, "/vault/\(key)")
            #expect(head.header("x-amz-object-lock-mode") == mode, "\(key)")
            #expect(head.header("x-amz-object-lock-legal-hold") == mode.map { _ in "ON" }, "\(key)")
        }
    }

    @Test func `a hold until an event is refused, not left out`() async throws {
        let (s3, _) = try await vault()
        let hold = "<EventHold>ON</EventHold></Retention>"
        let retention = retention("GOVERNANCE").replacing("</Retention>", with: hold)
        let period = "<Days>1</Days><DefaultEventHold><Days>1</Days></DefaultEventHold>"

        let replies = [
            await s3.putWithMD5("/vault/k?retention", retention),
            await s3.putWithMD5("/vault?object-lock", configuration(period)),
            await s3.send(.PUT, "/vault/p", "x", headers: ["x-amz-object-lock-event-hold": "ON"]),
        ]

        #expect(replies.map(\.errorCode) == ["NotImplemented", "NotImplemented", "NotImplemented"])
        #expect(await s3.send(.GET, "/vault/k?retention").status == 404)
        #expect(await s3.send(.HEAD, "/vault/p").status == 404)
    }

    @Test(arguments: [
        ["x-amz-object-lock-mode": "COMPLIANCE"],
        ["x-amz-object-lock-mode": "x", "x-amz-object-lock-retain-until-date": far],
        ["x-amz-object-lock-mode": "COMPLIANCE", "x-amz-object-lock-retain-until-date": "soon"],
        [
            "x-amz-object-lock-mode": "COMPLIANCE",
            "x-amz-object-lock-retain-until-date": "2001-01-01T00:00:00Z",
        ],
        ["x-amz-object-lock-legal-hold": "on"],
    ])
    func `headers that make no lock store nothing`(headers: [String: String]) async throws {
        let (s3, _) = try await vault()
        var all = HTTPHeaders(headers.map { ($0.key, $0.value) })
        all.add(name: "content-md5", value: Base64.encode(HashFunction.hash(.md5, Array("x".utf8))))
        #expect(await s3.send(.PUT, "/vault/p", "x", headers: all).errorCode == "InvalidArgument")
        #expect(await s3.send(.HEAD, "/vault/p").status == 404)
    }
}
