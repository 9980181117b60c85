import NIOHTTP1
import ObjectStore
import Testing

@testable import S3Service

/// The four kinds of documents of which a bucket has many.
@Suite struct NamedConfigurationTests {
    /// A kind, and what is in a document of it beside the ID.
    struct Sample: Sendable, CustomStringConvertible {
        let subresource: String
        let root: String
        let content: String
        var description: String { subresource }

        func document(_ id: String) -> String { "<\(root)><Id>\(id)</Id>\(content)</\(root)>" }
    }

    static let samples = [
        Sample(
            subresource: "inventory",
            root: "InventoryConfiguration",
            content: """
                <IsEnabled>true</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions>\
                <Schedule><Frequency>Daily</Frequency></Schedule><Destination>\
                <S3BucketDestination><Bucket>arn:aws:s3:::lists</Bucket><Format>CSV</Format>\
                </S3BucketDestination></Destination>
                """
        ),
        Sample(
            subresource: "analytics",
            root: "AnalyticsConfiguration",
            content: "<StorageClassAnalysis/>"
        ),
        Sample(subresource: "metrics", root: "MetricsConfiguration", content: ""),
        Sample(
            subresource: "intelligent-tiering",
            root: "IntelligentTieringConfiguration",
            content: """
                <Status>Enabled</Status><Tiering><Days>90</Days>\
                <AccessTier>ARCHIVE_ACCESS</AccessTier></Tiering>
                """
        ),
    ]

    @Test(arguments: samples)
    func `is put, told, listed and removed, and says that it is only stored`(
        _ sample: Sample
    ) async throws {
        let s3 = try await TestS3()
        let target = "/photos?\(sample.subresource)"
        for id in ["b", "a"] {
            let put = await s3.send(.PUT, "\(target)&id=\(id)", sample.document(id))
            #expect(put.status == 204, "\(put.text)")
            #expect(put.header("x-pail-stored-only") == sample.subresource)
        }

        let told = await s3.send(.GET, "\(target)&id=a")
        #expect(told.status == 200 && told["Id"] == "a")
        #expect(told.header("x-pail-stored-only") == sample.subresource)
        let list = await s3.send(.GET, target)
        #expect(list.all("Id") == ["a", "b"])
        #expect(list["IsTruncated"] == "false")
        #expect(list.header("x-pail-stored-only") == sample.subresource)

        #expect(await s3.send(.DELETE, "\(target)&id=a").status == 204)
        #expect(await s3.send(.DELETE, "\(target)&id=a").errorCode == "NoSuchConfiguration")
        #expect(await s3.send(.GET, "\(target)&id=a").errorCode == "NoSuchConfiguration")
        #expect(await s3.send(.GET, target).all("Id") == ["b"])
    }

    @Test(arguments: samples)
    func `a thousand are taken, and listed a hundred at a time`(_ sample: Sample) async throws {
        let s3 = try await TestS3()
        let target = "/photos?\(sample.subresource)"
        let bucket = try s3.store.bucket("photos")
        for number in 1000..<2000 {
            try await s3.store.set(
                "\(sample.subresource)/\(number)",
                to: Array(sample.document("\(number)").utf8),
                of: bucket
            )
        }

        let another = await s3.send(.PUT, "\(target)&id=x", sample.document("x"))
        #expect(another.status == 400 && another.errorCode == "TooManyConfigurations")
        #expect(await s3.send(.PUT, "\(target)&id=1000", sample.document("1000")).status == 204)

        var ids: [String] = []
        var token: String? = ""
        for _ in 0..<11 {
            guard let position = token else { break }
            let more = position.isEmpty ? "" : "&continuation-token=\(position)"
            let page = await s3.send(.GET, target + more)
            #expect(page.all("Id").count == 100)
            #expect(page["ContinuationToken"] == (position.isEmpty ? nil : position))
            ids += page.all("Id")
            token = page["NextContinuationToken"]
            #expect(page["IsTruncated"] == (token == nil ? "false" : "true"))
        }
        #expect(ids == (1000..<2000).map(String.init))
        #expect(
            await s3.send(.GET, "\(target)&continuation-token=x").errorCode == "InvalidArgument"
        )
    }

    @Test(arguments: samples)
    func `a wrong ID, none, or another than the document's is refused`(
        _ sample: Sample
    ) async throws {
        let s3 = try await TestS3()
        let target = "/photos?\(sample.subresource)"

        let other = await s3.send(.PUT, "\(target)&id=b", sample.document("a"))
        #expect(
            other.errorCode == (sample.subresource == "inventory" ? "IdMismatch" : "MalformedXML")
        )
        for query in ["", "&id=", "&id=a%2Fb", "&id=\(String(repeating: "x", count: 65))"] {
            let reply = await s3.send(.PUT, target + query, sample.document("a"))
            #expect(reply.errorCode == "InvalidArgument", "\(query)")
        }
        #expect(await s3.send(.PUT, "\(target)&id=a", "<x/>").errorCode == "MalformedXML")
        #expect(await s3.send(.PUT, "\(target)&id=a", "").status == 400)
        #expect(await s3.send(.GET, target).all("Id").isEmpty)
    }

    @Test(arguments: samples)
    func `a bucket can be deleted with them, and strict does not take them`(
        _ sample: Sample
    ) async throws {
        let s3 = try await TestS3()
        let target = "/photos?\(sample.subresource)&id=a"
        _ = await s3.send(.PUT, target, sample.document("a"))
        #expect(await s3.send(.DELETE, "/photos").status == 204)
        #expect(await s3.send(.PUT, "/photos").status == 200)
        #expect(await s3.send(.GET, target).errorCode == "NoSuchConfiguration")

        let strict = try await TestS3(configuration: ServiceConfiguration(isStrict: true))
        let reply = await strict.send(.PUT, target, sample.document("a"))
        #expect(reply.status == 501 && reply["Message"]?.contains("--strict") == true)
    }

    @Test(arguments: [
        (
            "metrics", "MetricsConfiguration",
            "<Filter><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></Filter>"
        ),
        ("metrics", "MetricsConfiguration", "<Filter><And><Prefix>a</Prefix></And></Filter>"),
        ("metrics", "MetricsConfiguration", "<Other/>"),
        ("analytics", "AnalyticsConfiguration", ""),
        (
            "intelligent-tiering", "IntelligentTieringConfiguration",
            "<Status>Enabled</Status><Tiering><Days>x</Days><AccessTier>ARCHIVE_ACCESS</AccessTier></Tiering>"
        ),
        ("intelligent-tiering", "IntelligentTieringConfiguration", "<Status>Enabled</Status>"),
        ("inventory", "InventoryConfiguration", "<IsEnabled>perhaps</IsEnabled>"),
    ])
    func `a document that the schema has not is malformed`(
        subresource: String,
        root: String,
        content: String
    ) async throws {
        let s3 = try await TestS3()
        let document = "<\(root)><Id>a</Id>\(content)</\(root)>"

        let reply = await s3.send(.PUT, "/photos?\(subresource)&id=a", document)
        #expect(reply.errorCode == "MalformedXML")
    }

    @Test(arguments: [
        ("ARCHIVE_ACCESS", 89, 400), ("ARCHIVE_ACCESS", 90, 204), ("ARCHIVE_ACCESS", 731, 400),
        ("DEEP_ARCHIVE_ACCESS", 179, 400), ("DEEP_ARCHIVE_ACCESS", 180, 204),
    ])
    func `a tier has the days that AWS gives it`(tier: String, days: Int, status: Int) async throws
    {
        let s3 = try await TestS3()
        let document = """
            <IntelligentTieringConfiguration><Id>a</Id><Status>Enabled</Status><Tiering>\
            <Days>\(days)</Days><AccessTier>\(tier)</AccessTier></Tiering>\
            </IntelligentTieringConfiguration>
            """

        let reply = await s3.send(.PUT, "/photos?intelligent-tiering&id=a", document)
        #expect(reply.status == status)
        #expect(reply.errorCode == (status == 400 ? "InvalidArgument" : nil))
    }
}
