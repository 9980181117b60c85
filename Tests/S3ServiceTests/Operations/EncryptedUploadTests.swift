import Digests
import NIOHTTP1
import S3Protocol
import Testing

@Suite struct EncryptedUploadTests {
    private static let part = [UInt8](repeating: 0x61, count: Int(Limits.smallestPartBytes))

    private func begin(_ s3: TestS3, _ headers: HTTPHeaders) async throws -> String {
        let reply = await s3.send(.POST, "/photos/big?uploads", headers: headers)
        #expect(reply.status == 200)
        return try #require(reply["UploadId"])
    }

    private func complete(
        _ s3: TestS3,
        _ id: String,
        _ tags: [String],
        _ headers: HTTPHeaders = [:]
    ) async -> Reply {
        let list = tags.enumerated().map { place, tag in
            "<Part><PartNumber>\(place + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
        }
        return await s3.send(
            .POST,
            "/photos/big?uploadId=\(id)",
            "<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>",
            headers: headers
        )
    }

    @Test(arguments: [Encrypted.managed, Encrypted.named, Encrypted.customer()])
    func `parts are encrypted as their upload was begun, and read as one`(
        headers: HTTPHeaders
    ) async throws {
        let s3 = try await TestS3()
        let isCustomer = headers == Encrypted.customer()
        let key = isCustomer ? headers : [:]
        let id = try await begin(s3, headers)
        var tags: [String] = []
        for (number, bytes) in [(1, Self.part), (2, Array("the end".utf8))] {
            let target = "/photos/big?partNumber=\(number)&uploadId=\(id)"
            let reply = await s3.send(.PUT, target, bytes: bytes, headers: key)
            #expect(reply.status == 200)
            #expect(reply.encryption[""] == headers.first(name: "x-amz-server-side-encryption"))
            #expect((reply.encryption["-customer-algorithm"] == "AES256") == isCustomer)
            tags.append(try #require(reply.header("ETag")))
        }
        let done = await complete(s3, id, tags, key)
        #expect(done.status == 200)
        #expect(done.encryption[""] == headers.first(name: "x-amz-server-side-encryption"))
        #expect(done.encryption["-customer-algorithm"] == nil)

        let whole = await s3.send(.GET, "/photos/big", headers: key)
        #expect(whole.body == Self.part + Array("the end".utf8))
        let second = await s3.send(.GET, "/photos/big?partNumber=2", headers: key)
        #expect(second.text == "the end")
        #expect(second.header("x-amz-mp-parts-count") == "2")
        let across = await s3.send(
            .GET,
            "/photos/big",
            headers: key.with(["Range": "bytes=\(Self.part.count - 2)-\(Self.part.count + 2)"])
        )
        #expect(across.text == "aathe")
    }

    @Test func `a part comes with the key of its upload, or not at all`() async throws {
        let s3 = try await TestS3()
        let missing =
            "The multipart upload initiate requested encryption. Subsequent part requests must include "
            + "the appropriate encryption parameters."
        let other = "The provided encryption parameters did not match the ones used originally."
        _ = await s3.send(.PUT, "/photos/source", "x")
        let copy: HTTPHeaders = ["x-amz-copy-source": "photos/source"]
        for (begun, sent, message) in [
            (Encrypted.customer(), HTTPHeaders(), missing),
            (Encrypted.customer(), Encrypted.customer(0x43), other),
            (HTTPHeaders(), Encrypted.customer(), missing),
            (Encrypted.managed, Encrypted.customer(), missing),
        ] {
            let id = try await begin(s3, begun)
            let target = "/photos/big?partNumber=1&uploadId=\(id)"
            for headers in [sent, sent.with(copy)] {
                let reply = await s3.send(.PUT, target, headers: headers)
                #expect(reply.status == 400)
                #expect(reply.errorCode == "InvalidRequest")
                #expect(reply["Message"] == message)
            }
            #expect(await s3.send(.GET, "/photos/big?uploadId=\(id)").all("PartNumber") == [])
        }
        let id = try await begin(s3, [:])
        let target = "/photos/big?partNumber=1&uploadId=\(id)"
        let reply = await s3.send(.PUT, target, "x", headers: Encrypted.managed)
        #expect(reply.errorCode == "InvalidArgument")
    }

    @Test func `completing asks for the key only where parts have checksums of their own`()
        async throws
    {
        let s3 = try await TestS3()
        let key = Encrypted.customer()
        for algorithm in [nil, "CRC32"] as [String?] {
            let more: HTTPHeaders = algorithm.map { ["x-amz-checksum-algorithm": $0] } ?? [:]
            let id = try await begin(s3, key.with(more).with(type(algorithm)))
            let target = "/photos/big?partNumber=1&uploadId=\(id)"
            let part = await s3.send(.PUT, target, "x", headers: key)
            let tag = try #require(part.header("ETag"))
            let wrong = await complete(s3, id, [tag], Encrypted.customer(0x43))
            #expect(wrong.errorCode == "InvalidRequest")
            let without = await complete(s3, id, [tag])
            #expect(without.status == (algorithm == nil ? 200 : 400))
            #expect(await complete(s3, id, [tag], key).status == 200)
            #expect(await s3.send(.GET, "/photos/big", headers: key).text == "x")
        }
    }

    private func type(_ algorithm: String?) -> HTTPHeaders {
        algorithm == nil ? [:] : ["x-amz-checksum-type": "FULL_OBJECT"]
    }
}

@Suite struct EncryptedCopyTests {
    private static let states: [(name: String, headers: HTTPHeaders)] = [
        ("clear", [:]), ("AES256", Encrypted.managed), ("aws:kms", Encrypted.named),
        ("SSE-C", Encrypted.customer()),
    ]

    private func sourceKey(_ name: String) -> HTTPHeaders {
        name == "SSE-C" ? Encrypted.customer(ofSource: true) : [:]
    }

    private func readKey(_ name: String) -> HTTPHeaders {
        name == "SSE-C" ? Encrypted.customer() : [:]
    }

    /// 200 KB, which is a file and four blocks.
    private static let body = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7) })

    @Test func `a copy goes from any encryption to any other`() async throws {
        let s3 = try await TestS3()
        for source in Self.states {
            for target in Self.states {
                _ = await s3.send(
                    .PUT,
                    "/photos/source",
                    bytes: Self.body,
                    headers: source.headers
                )
                let copy: HTTPHeaders = ["x-amz-copy-source": "photos/source"]
                let headers = copy.with(target.headers).with(sourceKey(source.name))
                let reply = await s3.send(.PUT, "/photos/copy", headers: headers)
                #expect(reply.status == 200, "\(source.name) to \(target.name)")
                #expect(
                    reply.encryption[""]
                        == target.headers.first(name: "x-amz-server-side-encryption")
                )
                #expect(
                    reply.encryption["-customer-algorithm"]
                        == (target.name == "SSE-C" ? "AES256" : nil)
                )
                _ = await s3.send(.DELETE, "/photos/source")
                let key = readKey(target.name)
                let read = await s3.send(.GET, "/photos/copy", headers: key)
                #expect(read.body == Self.body, "\(source.name) to \(target.name)")
                let range = key.with(["Range": "bytes=65530-65540"])
                let part = await s3.send(.GET, "/photos/copy", headers: range)
                #expect(part.body == Array(Self.body[65530...65540]))
                let md5 = "\"\(Hex.encode(HashFunction.hash(.md5, Self.body)))\""
                #expect(
                    (read.header("ETag") == md5) == ["clear", "AES256"].contains(target.name)
                )
            }
        }
    }

    @Test func `a copied part goes from any encryption to any other`() async throws {
        let s3 = try await TestS3()
        for source in Self.states {
            _ = await s3.send(.PUT, "/photos/source", bytes: Self.body, headers: source.headers)
            for target in Self.states {
                let begun = await s3.send(.POST, "/photos/big?uploads", headers: target.headers)
                let id = try #require(begun["UploadId"])
                let key = readKey(target.name)
                let headers = key.with(sourceKey(source.name)).with([
                    "x-amz-copy-source": "photos/source",
                    "x-amz-copy-source-range": "bytes=65530-140000",
                ])
                let part = await s3.send(
                    .PUT,
                    "/photos/big?partNumber=1&uploadId=\(id)",
                    headers: headers
                )
                #expect(part.status == 200)
                let tag = try #require(part["ETag"]?.replacing("&quot;", with: "\""))
                let list = "<Part><PartNumber>1</PartNumber><ETag>\(tag)</ETag></Part>"
                let done = await s3.send(
                    .POST,
                    "/photos/big?uploadId=\(id)",
                    "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>",
                    headers: key
                )
                #expect(done.status == 200)
                let read = await s3.send(.GET, "/photos/big", headers: key)
                #expect(read.body == Array(Self.body[65530...140_000]))
            }
        }
    }

    @Test func `a copy needs its source's key, and only that`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/own", "x", headers: Encrypted.customer())
        _ = await s3.send(.PUT, "/photos/clear", "x")
        func code(_ source: String, _ headers: HTTPHeaders) async -> String? {
            await s3.send(
                .PUT,
                "/photos/copy",
                headers: headers.with(["x-amz-copy-source": "photos/\(source)"])
            ).errorCode
        }
        #expect(await code("own", [:]) == "InvalidRequest")
        #expect(await code("own", Encrypted.customer()) == "InvalidRequest")
        #expect(await code("own", Encrypted.customer(0x43, ofSource: true)) == "AccessDenied")
        #expect(await code("clear", Encrypted.customer(ofSource: true)) == "InvalidRequest")
        #expect(await code("own", Encrypted.customer(ofSource: true)) == nil)
        #expect(await s3.send(.GET, "/photos/copy").text == "x")
    }

    @Test func `an object is copied to itself to change its encryption or its key`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "meow")
        let itself: HTTPHeaders = ["x-amz-copy-source": "photos/k"]
        #expect(await s3.send(.PUT, "/photos/k", headers: itself).errorCode == "InvalidRequest")
        let first = itself.with(Encrypted.customer())
        #expect(await s3.send(.PUT, "/photos/k", headers: first).status == 200)
        let next = itself.with(Encrypted.customer(0x43)).with(Encrypted.customer(ofSource: true))
        #expect(await s3.send(.PUT, "/photos/k", headers: next).status == 200)
        #expect(await s3.send(.GET, "/photos/k", headers: Encrypted.customer()).status == 403)
        #expect(await s3.send(.GET, "/photos/k", headers: Encrypted.customer(0x43)).text == "meow")
    }
}

@Suite struct EncryptedFormTests {
    @Test func `a form asks for encryption as a PUT does`() async throws {
        let s3 = try await TestS3()
        for (headers, key) in [
            (Encrypted.managed, HTTPHeaders()), (Encrypted.named, HTTPHeaders()),
            (Encrypted.customer(), Encrypted.customer()),
        ] {
            var form = UploadForm()
            form.fields += headers.map { ($0.name, $0.value) }
            let reply = await s3.post(form.signed())
            #expect(reply.status == 204)
            let read = await s3.send(.GET, "/photos/cat.jpg", headers: key)
            #expect(read.text == "meow")
            let method = headers.first(name: "x-amz-server-side-encryption")
            #expect(read.encryption[""] == method)
            #expect(reply.encryption[""] == method)
        }
    }

    @Test func `a form signed by version 2 cannot ask for SSE-KMS`() async throws {
        let s3 = try await TestS3()
        var form = UploadForm()
        form.fields += Encrypted.named.map { ($0.name, $0.value) }
        let conditions = ["bucket", "key"] + Encrypted.named.map(\.name)
        let reply = await s3.post(
            form.signed(
                conditions: conditions.map { #"["starts-with", "$\#($0)", ""]"# }
                    .joined(separator: ", ")
            )
        )
        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidArgument")
        #expect(reply["ArgumentName"] == "Authorization")
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }
}
