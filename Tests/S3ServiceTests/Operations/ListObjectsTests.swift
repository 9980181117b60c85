import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

@Suite struct ListObjectsTests {
    private func stocked(_ keys: [String]) async throws -> TestS3 {
        let s3 = try await TestS3()
        for key in keys { _ = await s3.send(.PUT, "/photos/\(PercentCoding.encode(key))", "x") }
        return s3
    }

    @Test func `an empty bucket has an empty list`() async throws {
        let reply = await (try stocked([])).send(.GET, "/photos?list-type=2")

        #expect(reply.status == 200)
        #expect(reply.header("Content-Type") == "application/xml")
        #expect(reply["Name"] == "photos")
        #expect(reply["KeyCount"] == "0")
        #expect(reply["MaxKeys"] == "1000")
        #expect(reply["IsTruncated"] == "false")
    }

    @Test func `children come in AWS's order`() async throws {
        let s3 = try await stocked(["a/1", "b"])

        let v1 = await s3.send(.GET, "/photos?delimiter=/&marker=&prefix=").text
        let v2 = await s3.send(.GET, "/photos?list-type=2&delimiter=/&start-after=0").text

        func order(_ names: [String], in text: String) -> [String] {
            names.sorted {
                (text.firstRange(of: "<\($0)>")?.lowerBound ?? text.endIndex)
                    < (text.firstRange(of: "<\($1)>")?.lowerBound ?? text.endIndex)
            }
        }
        let first = [
            "Name", "Prefix", "Marker", "MaxKeys", "Delimiter", "IsTruncated", "Contents",
            "CommonPrefixes",
        ]
        #expect(order(first.shuffled(), in: v1) == first)
        let second = [
            "Name", "Prefix", "StartAfter", "KeyCount", "MaxKeys", "Delimiter", "IsTruncated",
            "Contents", "CommonPrefixes",
        ]
        #expect(order(second.shuffled(), in: v2) == second)
    }

    @Test func `pages follow each other by token, each key once`() async throws {
        let keys = (0..<25).map { "k\($0 + 100)" }
        let s3 = try await stocked(keys)
        var seen: [String] = []
        var token = ""

        for _ in 0..<10 {
            let reply = await s3.send(.GET, "/photos?list-type=2&max-keys=10\(token)")
            seen += reply.all("Key")
            guard let next = reply["NextContinuationToken"] else { break }
            #expect(reply["IsTruncated"] == "true")
            token = "&continuation-token=\(PercentCoding.encode(next))"
        }

        #expect(seen == keys)
    }

    @Test func `a delimiter rolls keys up, and pages go past what was rolled up`() async throws {
        let s3 = try await stocked(["a/1", "a/2", "b", "c/1", "c/2", "d"])

        let all = await s3.send(.GET, "/photos?delimiter=/")
        #expect(all.all("Key") == ["b", "d"])
        #expect(all.all("CommonPrefixes") == ["<Prefix>a/</Prefix>", "<Prefix>c/</Prefix>"])
        var marker = ""
        var seen: [String] = []
        for _ in 0..<10 {
            let page = await s3.send(.GET, "/photos?delimiter=/&max-keys=1&marker=\(marker)")
            seen += page.all("Key") + page.all("Prefix").filter { !$0.isEmpty }
            guard let next = page["NextMarker"] else { break }
            marker = PercentCoding.encode(next)
        }
        #expect(seen == ["a/", "b", "c/", "d"])
    }

    @Test func `NextMarker comes only with a delimiter`() async throws {
        let s3 = try await stocked(["a", "b"])

        let reply = await s3.send(.GET, "/photos?max-keys=1")

        #expect(reply["IsTruncated"] == "true")
        #expect(reply["NextMarker"] == nil)
        #expect(reply["Owner"] != nil)
    }

    @Test func `keys come in the order of their UTF-8 bytes`() async throws {
        let keys = ["a", "B", "\u{FFFD}", "\u{1F600}", "é", "z", "\u{E000}", "a/b", "a!"]
        let s3 = try await stocked(keys)

        let reply = await s3.send(.GET, "/photos?list-type=2")

        #expect(
            reply.all("Key")
                == keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        )
    }

    @Test func `encoding-type=url spells keys, prefixes and markers`() async throws {
        let s3 = try await stocked(["a b/c+d", "a b/é"])

        let reply = await s3.send(
            .GET,
            "/photos?list-type=2&encoding-type=url&prefix=a%20b/&start-after=a%20b/%00"
        )

        #expect(reply.all("Key") == ["a%20b/c%2Bd", "a%20b/%C3%A9"])
        #expect(reply["Prefix"] == "a%20b/")
        #expect(reply["StartAfter"] == "a%20b/%00")
        #expect(reply["EncodingType"] == "url")
    }

    @Test func `the owner is shown where V2 is asked for it`() async throws {
        let s3 = try await stocked(["a"])

        #expect(await s3.send(.GET, "/photos?list-type=2")["Owner"] == nil)
        let reply = await s3.send(.GET, "/photos?list-type=2&fetch-owner=true")
        #expect(reply["ID"] == s3.store.directory.rootAccount.canonicalID)
    }

    @Test func `start-after and marker begin after a key that need not exist`() async throws {
        let s3 = try await stocked(["a", "b", "c"])

        #expect(await s3.send(.GET, "/photos?list-type=2&start-after=aa").all("Key") == ["b", "c"])
        #expect(await s3.send(.GET, "/photos?marker=b").all("Key") == ["c"])
    }

    @Test func `max-keys 0 is an empty page, more than 1,000 is 1,000`() async throws {
        let s3 = try await stocked(["a"])

        let none = await s3.send(.GET, "/photos?list-type=2&max-keys=0")
        #expect(none["IsTruncated"] == "false")
        #expect(none["KeyCount"] == "0")
        #expect(await s3.send(.GET, "/photos?list-type=2&max-keys=5000")["MaxKeys"] == "1000")
    }

    @Test(arguments: [
        "max-keys=x", "max-keys=-1", "max-keys=99999999999", "encoding-type=base64",
        "list-type=3", "list-type=2&continuation-token=%21%21",
        "list-type=2&continuation-token=AAAA",
    ])
    func `refuses parameters that mean nothing`(query: String) async throws {
        let reply = await (try stocked([])).send(.GET, "/photos?\(query)")

        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidArgument")
    }
}
