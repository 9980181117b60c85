import NIOHTTP1
import Testing

@testable import S3Service

// [PutBucketReplication](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html)
@Suite struct ReplicationTests {
    private static let on =
        "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    private static let off =
        "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
    private static let to = "<Destination><Bucket>arn:aws:s3:::copies</Bucket></Destination>"
    private static let first = "<Rule><Prefix></Prefix><Status>Enabled</Status>\(to)</Rule>"
    private static let second = """
        <Rule><ID>r</ID><Priority>1</Priority><Filter><Prefix>a</Prefix></Filter><Status>Enabled</Status>\
        \(to)<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication></Rule>
        """

    private static func document(
        _ rules: String,
        role: String = "arn:aws:iam::000000000000:role/r"
    ) -> String {
        "<ReplicationConfiguration><Role>\(role)</Role>\(rules)</ReplicationConfiguration>"
    }

    private func prepared() async throws -> TestS3 {
        let s3 = try await TestS3(buckets: ["photos", "copies", "plain"])
        for bucket in ["photos", "copies"] {
            _ = await s3.send(.PUT, "/\(bucket)?versioning", Self.on)
        }
        return s3
    }

    @Test(arguments: [first, second])
    func `rules are kept and told, and say that they are only stored`(rules: String) async throws {
        let s3 = try await prepared()
        #expect(
            await s3.send(.GET, "/photos?replication").errorCode
                == "ReplicationConfigurationNotFoundError"
        )

        let put = await s3.send(.PUT, "/photos?replication", Self.document(rules))
        #expect(put.status == 200, "\(put.text)")
        #expect(put.header("x-pail-stored-only") == "replication")
        let told = await s3.send(.GET, "/photos?replication")
        #expect(told.text.hasSuffix("\(rules)</ReplicationConfiguration>"))
        #expect(told.header("x-pail-stored-only") == "replication")
        #expect(
            await s3.send(.PUT, "/photos?versioning", Self.off).errorCode == "InvalidBucketState"
        )

        #expect(await s3.send(.DELETE, "/photos?replication").status == 204)
        #expect(await s3.send(.PUT, "/photos?versioning", Self.off).status == 200)
        #expect(await s3.send(.GET, "/photos?replication").status == 404)
    }

    @Test func `both buckets must keep versions`() async throws {
        let s3 = try await prepared()
        let plain = await s3.send(.PUT, "/plain?replication", Self.document(Self.first))
        #expect(
            plain.errorCode == "InvalidRequest" && plain["Message"]?.contains("Versioning") == true
        )

        for (name, message) in [
            ("plain", "versioning enabled"), ("gone", "must exist"),
            ("photos", "cannot be the same"),
        ] {
            let rules = Self.first.replacing("copies", with: name)
            let reply = await s3.send(.PUT, "/photos?replication", Self.document(rules))
            #expect(reply.errorCode == "InvalidRequest")
            #expect(reply["Message"]?.contains(message) == true)
        }
    }

    @Test(arguments: [
        ("", "MalformedXML"),
        (first.replacing("<Prefix></Prefix>", with: ""), "MalformedXML"),
        (first.replacing("Enabled", with: "On"), "MalformedXML"),
        (first.replacing("arn:aws:s3:::", with: ""), "InvalidArgument"),
        (second.replacing("<Priority>1</Priority>", with: ""), "InvalidRequest"),
        (
            second.replacing(
                "<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>",
                with: ""
            ), "InvalidRequest"
        ),
        (
            second.replacing("<Prefix>a</Prefix>", with: "<Tag><Key>k</Key><Value>v</Value></Tag>")
                .replacing("Disabled", with: "Enabled"), "InvalidRequest"
        ),
        (second + second, "InvalidArgument"),
        (second + second.replacing("<ID>r</ID>", with: ""), "InvalidRequest"),
        (second.replacing("<Priority>", with: "<Prefix>p</Prefix><Priority>"), "MalformedXML"),
    ])
    func `rules that S3 does not take are refused`(rules: String, code: String) async throws {
        let s3 = try await prepared()

        let reply = await s3.send(.PUT, "/photos?replication", Self.document(rules))
        #expect(reply.status == 400 && reply.errorCode == code)
        #expect(await s3.send(.GET, "/photos?replication").status == 404)
    }

    @Test(arguments: ["", "somebody", "arn:aws:iam::000000000000:user/u"])
    func `a role is an ARN of one`(role: String) async throws {
        let s3 = try await prepared()
        let document = Self.document(Self.first, role: role)

        #expect(await s3.send(.PUT, "/photos?replication", document).status == 400)
    }
}

// [PutBucketAccelerateConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html)
@Suite struct AccelerateTests {
    private func document(_ status: String) -> String {
        "<AccelerateConfiguration><Status>\(status)</Status></AccelerateConfiguration>"
    }

    @Test func `acceleration is only stored`() async throws {
        let s3 = try await TestS3(buckets: ["photos", "my.photos"])
        #expect(
            await s3.send(.GET, "/photos?accelerate").text.hasSuffix("</AccelerateConfiguration>")
        )
        #expect(await s3.send(.GET, "/photos?accelerate")["Status"] == nil)

        for status in ["Enabled", "Suspended"] {
            let put = await s3.send(.PUT, "/photos?accelerate", document(status))
            #expect(put.status == 200 && put.header("x-pail-stored-only") == "accelerate")
            #expect(await s3.send(.GET, "/photos?accelerate")["Status"] == status)
        }
        #expect(
            await s3.send(.PUT, "/photos?accelerate", document("On")).errorCode == "MalformedXML"
        )
        let dots = await s3.send(.PUT, "/my.photos?accelerate", document("Enabled"))
        #expect(dots.status == 400 && dots.errorCode == "InvalidRequest")
    }
}
