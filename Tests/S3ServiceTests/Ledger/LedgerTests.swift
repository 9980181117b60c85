import Foundation
import HTTPMessage
import NIOHTTP1
import Testing

@testable import S3Service

@Suite struct LedgerTests {
    @Test func `what the ledger says is there is what requests reach, and nothing else`() {
        let there = Ledger.operations.filter { $0.state != .refused }.map(\.name)

        // Those on whole accounts are of another model, S3 Control's.
        let own = operations.filter { $0.route.level != .account }
        #expect(operations.count - own.count == 3)
        #expect(there.sorted() == (own.map { $0.name } + olderNames).sorted())
        // The model's 116, and PostObject, which is a form and not in the model.
        #expect(Set(Ledger.operations.map(\.name)).count == 117)
        #expect(Ledger.operations.count == 117)
    }

    @Test func `what is refused can be told, and what is only stored has a name`() {
        for row in Ledger.operations {
            #expect((row.mark != nil) == (row.state == .refused), "\(row.name)")
            #expect((row.setting != nil) == (row.state == .storedOnly), "\(row.name)")
            #expect(!row.note.isEmpty && !row.note.contains("|"), "\(row.name)")
            if case .query(_, let level, let name) = row.mark, level != .service {
                #expect(Subresources.names.contains(name), "\(name) would fall through")
            }
        }
        #expect(Set(Ledger.settings.map { $0.name.lowercased() }).count == Ledger.settings.count)
    }

    /// The tables are for people, and so are written into the document and not only shown by a test:
    /// `PAIL_WRITE_DOCS=1 swift test --filter LedgerTests` does it.
    @Test func `the tables of docs/compatibility.md are the ledger`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/compatibility.md").standardizedFileURL
        let document = try String(contentsOf: file, encoding: .utf8)
        let made = try #require(LedgerDocument.made(from: document), "a marker is missing")

        if ProcessInfo.processInfo.environment["PAIL_WRITE_DOCS"] == "1" {
            try made.write(to: file, atomically: false, encoding: .utf8)
        } else {
            #expect(document == made, "write them with PAIL_WRITE_DOCS=1")
        }
    }

    @Test(arguments: [
        "x-amz-write-offset-bytes", "X-Amz-If-Match-Size", "x-amz-object-lock-event-hold",
        "x-amz-object-lock-event-hold-duration-days", "x-amz-object-annotation-directive",
        "x-amz-rename-source", "x-amz-bucket-namespace",
    ])
    func `a header that would change what a write means is never ignored`(name: String) async throws
    {
        let s3 = try await TestS3()

        let reply = await s3.send(.PUT, "/photos/a", "x", headers: [name: "1"])

        #expect(reply.status == 501)
        #expect(reply["Header"] == name.lowercased())
        #expect(await s3.send(.GET, "/photos/a").status == 404)
        #expect(await s3.send(.PUT, "/photos/a", "x", headers: [name: ""]).status == 200)
    }

    @Test func `an operation that a header or its signature tells is refused by name`() async throws
    {
        let s3 = try await TestS3()
        let routed = await s3.send(
            .POST,
            "/WriteGetObjectResponse",
            "x",
            headers: ["x-amz-request-route": "r", "x-amz-request-token": "t"]
        )
        #expect(routed.status == 501 && routed["Operation"] == "WriteGetObjectResponse")

        let scope = "AKIAROOT/20231114/us-east-1/s3express/aws4_request"
        let express = await s3.raw(
            HTTPRequest(
                method: .GET,
                target: "/",
                headers: [
                    "host": "127.0.0.1", "authorization": "AWS4-HMAC-SHA256 Credential=\(scope), x",
                ]
            )
        )
        #expect(express.status == 501 && express["Operation"] == "ListDirectoryBuckets")
    }
}

/// What is only stored says so, and `--strict` does not take it.
@Suite struct StoredOnlyTests {
    private let strict = ServiceConfiguration(isStrict: true)
    private let kms: HTTPHeaders = [
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-bucket-key-enabled": "true",
    ]
    private let bucketKey = """
        <ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
        <SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault>\
        <BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>
        """

    @Test func `a header that is only stored is told by the write and by each read`() async throws {
        let s3 = try await TestS3()
        let name = "x-amz-server-side-encryption-bucket-key-enabled"

        #expect(
            await s3.send(.PUT, "/photos/a", "x", headers: kms).header("x-pail-stored-only") == name
        )
        #expect(await s3.send(.HEAD, "/photos/a").header("x-pail-stored-only") == name)
        var off = kms
        off.replaceOrAdd(name: name, value: "false")
        #expect(
            await s3.send(.PUT, "/photos/b", "x", headers: off).header("x-pail-stored-only") == nil
        )
        #expect(await s3.send(.GET, "/photos/b").header("x-pail-stored-only") == nil)
    }

    @Test func `a setting in a document that is only stored is told`() async throws {
        let s3 = try await TestS3()

        for method in [HTTPMethod.PUT, .GET] {
            let reply = await s3.send(method, "/photos?encryption", method == .PUT ? bucketKey : "")
            #expect(reply.status == 200)
            #expect(reply.header("x-pail-stored-only") == "BucketKeyEnabled")
        }
        #expect(
            await s3.send(.PUT, "/photos/a", "x").header("x-pail-stored-only")
                == "x-amz-server-side-encryption-bucket-key-enabled"
        )
    }

    @Test func `another region is only told`() async throws {
        let s3 = try await TestS3()
        let document = """
            <CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>\
            </CreateBucketConfiguration>
            """

        let made = await s3.send(.PUT, "/elsewhere", document)
        #expect(made.status == 200 && made.header("x-pail-stored-only") == "LocationConstraint")
        #expect(await s3.send(.HEAD, "/elsewhere").header("x-pail-stored-only") != nil)
        #expect(await s3.send(.GET, "/elsewhere?location").header("x-pail-stored-only") != nil)
        #expect(await s3.send(.HEAD, "/photos").header("x-pail-stored-only") == nil)
    }

    @Test func `strict refuses what is only stored, and says why`() async throws {
        let s3 = try await TestS3(configuration: strict)

        let object = await s3.send(.PUT, "/photos/a", "x", headers: kms)
        #expect(object.status == 501)
        #expect(object["StoredOnly"] == "x-amz-server-side-encryption-bucket-key-enabled")
        #expect(object["Message"]?.contains("--strict") == true)
        #expect(await s3.send(.GET, "/photos/a").status == 404)

        let bucket = await s3.send(.PUT, "/photos?encryption", bucketKey)
        #expect(bucket.status == 501 && bucket["StoredOnly"] == "BucketKeyEnabled")
        #expect(await s3.send(.GET, "/photos?encryption").status == 404)
    }
}

/// The ledger for tools.
@Suite struct FidelityTests {
    @Test func `the root key reads the ledger, and nobody else does`() async throws {
        let s3 = try await TestS3()
        let user = try await s3.user("ann", policy: "AmazonS3FullAccess")

        let reply = await s3.send(.GET, "/_pail/fidelity")
        #expect(reply.status == 200 && reply.header("Content-Type") == "application/json")
        #expect(reply.text == Ledger.json)
        let ledger = try #require(
            try JSONSerialization.jsonObject(with: Data(reply.body))
                as? [String: [[String: String]]]
        )
        #expect(ledger["operations"]?.count == Ledger.operations.count)
        #expect(ledger["settings"]?.count == Ledger.settings.count)
        #expect(
            ledger["operations"]?.first { $0["name"] == "SelectObjectContent" }?["state"]
                == "refused"
        )

        #expect(await s3.send(.GET, "/_pail/fidelity", as: user).errorCode == "AccessDenied")
        let unsigned = HTTPRequest(
            method: .GET,
            target: "/_pail/fidelity",
            headers: ["host": "127.0.0.1:9000"]
        )
        #expect(await s3.raw(unsigned).errorCode == "AccessDenied")
        #expect(await s3.send(.PUT, "/_pail/fidelity", "x").status == 405)
        #expect(await s3.send(.GET, "/_pail/other").status == 404)
        #expect(await s3.send(.HEAD, "/_pail/fidelity").body.isEmpty)
    }
}
