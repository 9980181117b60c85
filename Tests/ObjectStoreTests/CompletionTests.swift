import Digests
import S3Protocol
import Testing

@testable import ObjectStore

/// What CompleteMultipartUpload makes of the parts, without a store.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>
@Suite struct CompletionTests {
    private func upload(_ algorithm: ChecksumAlgorithm?, _ type: ChecksumType? = nil) -> Upload {
        Upload(
            id: "id",
            bucketID: 1,
            key: "k",
            initiated: Timestamp(seconds: 0),
            ownerID: 1,
            storageClass: "STANDARD",
            checksumAlgorithm: algorithm,
            checksumType: type,
            fields: [],
            tags: [],
            lock: .none,
            encryption: nil,
            result: nil
        )
    }

    private func part(
        _ number: Int,
        _ body: String = "part",
        size: Int64 = 5 << 20,
        _ algorithm: ChecksumAlgorithm? = nil
    ) -> UploadedPart {
        let bytes = Array(body.utf8)
        return UploadedPart(
            number: number,
            size: size,
            etag: Hex.encode(HashFunction.hash(.md5, bytes)),
            modified: Timestamp(seconds: 0),
            checksum: algorithm.map {
                Checksum($0, .fullObject, Base64.encode($0.digest(of: bytes)))
            },
            crc64: ChecksumAlgorithm.crc64nvme.digest(of: bytes),
            blobID: Int64(number),
            blobName: nil
        )
    }

    private func naming(_ part: UploadedPart) -> Completion.Part {
        var checksums: [ChecksumAlgorithm: String] = [:]
        if let checksum = part.checksum { checksums[checksum.algorithm] = checksum.value }
        return Completion.Part(number: part.number, etag: "\"\(part.etag)\"", checksums: checksums)
    }

    private func code(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return (error as? S3Error)?.code.name }
        return nil
    }

    @Test func `the ETag is the MD5 of the parts' MD5s, and says how many they are`() throws {
        let parts = [part(1, "a"), part(2, "b")]
        let assembly = try Assembly(
            Completion(parts: parts.map(naming)),
            of: upload(nil),
            from: parts
        )
        // md5(md5("a") + md5("b")), by `md5sum | xxd -r -p`.
        #expect(assembly.etag == "96e024ba2074fe77e8e965ba43a704be-2")
        #expect(assembly.size == 10 << 20)
    }

    @Test func `parts out of order, repeated, missing or other than named are refused`() {
        let parts = [part(1), part(2), part(5)]
        func refusal(_ named: [Completion.Part]) -> String? {
            code { _ = try Assembly(Completion(parts: named), of: upload(nil), from: parts) }
        }
        let named = parts.map(naming)
        var other = named[1]
        other.etag = naming(part(2, "other")).etag
        var wrong = named[2]
        wrong.checksums = [.crc32: "AAAAAA=="]

        #expect(refusal([named[1], named[0]]) == "InvalidPartOrder")
        #expect(refusal([named[0], named[0]]) == "InvalidPartOrder")
        #expect(refusal([named[0], naming(part(3))]) == "InvalidPart")
        #expect(refusal([named[0], other]) == "InvalidPart")
        #expect(refusal([named[0], named[2]]) == nil)
        #expect(refusal([wrong]) == "InvalidPart")
    }

    @Test func `an upload without an algorithm takes no checksum of a part but its own CRC64NVME`()
    {
        let own = part(1, "a", .crc32c)
        func refusal(_ checksums: [ChecksumAlgorithm: String]) -> String? {
            var named = naming(own)
            named.checksums = checksums
            return code {
                _ = try Assembly(Completion(parts: [named]), of: upload(nil), from: [own])
            }
        }
        #expect(refusal(naming(own).checksums) == "InvalidPart")
        #expect(
            refusal([.sha256: Base64.encode(ChecksumAlgorithm.sha256.digest(of: [97]))])
                == "InvalidPart"
        )
        #expect(refusal([.crc64nvme: Base64.encode(own.crc64)]) == nil)
        #expect(refusal([:]) == nil)
    }

    @Test func `all parts but the last have at least 5 MiB`() {
        let small = part(1, size: (5 << 20) - 1)
        let last = part(2, size: 1)
        func refusal(_ parts: [UploadedPart]) -> String? {
            code {
                _ = try Assembly(
                    Completion(parts: parts.map(naming)),
                    of: upload(nil),
                    from: parts
                )
            }
        }
        #expect(refusal([small, last]) == "EntityTooSmall")
        #expect(refusal([small]) == nil)
        #expect(refusal([part(1), last]) == nil)
        let largest = part(1, size: Assembly.maximumSize - 1)
        #expect(refusal([largest, last]) == nil)
        #expect(refusal([largest, part(2, size: 2)]) == "EntityTooLarge")
    }

    @Test(arguments: [ChecksumAlgorithm.crc32, .crc32c, .sha1, .sha256])
    func `a composite checksum is the digest of the parts' digests`(
        algorithm: ChecksumAlgorithm
    ) throws {
        let parts = [part(1, "a", algorithm), part(2, "b", algorithm)]
        let assembly = try Assembly(
            Completion(parts: parts.map(naming)),
            of: upload(algorithm),
            from: parts
        )
        let digests =
            algorithm.digest(of: [UInt8(ascii: "a")]) + algorithm.digest(of: [UInt8(ascii: "b")])
        let value = Base64.encode(algorithm.digest(of: digests)) + "-2"
        #expect(assembly.checksum == Checksum(algorithm, .composite, value))
    }

    @Test(arguments: [ChecksumAlgorithm.crc32, .crc32c, .crc64nvme])
    func `a full-object checksum is that of the bytes`(algorithm: ChecksumAlgorithm) throws {
        let (first, second) = (String(repeating: "x", count: 6 << 20), "tail")
        let parts = [
            part(1, first, size: Int64(first.utf8.count), algorithm),
            part(2, second, size: Int64(second.utf8.count), algorithm),
        ]
        let assembly = try Assembly(
            Completion(parts: parts.map(naming)),
            of: upload(algorithm, .fullObject),
            from: parts
        )
        let value = Base64.encode(algorithm.digest(of: Array((first + second).utf8)))
        #expect(assembly.checksum == Checksum(algorithm, .fullObject, value))
    }

    @Test func `an upload without an algorithm gets CRC-64/NVME of the whole`() throws {
        let parts = [part(1, "whole", size: 5)]
        let assembly = try Assembly(
            Completion(parts: parts.map(naming)),
            of: upload(nil),
            from: parts
        )
        let value = Base64.encode(ChecksumAlgorithm.crc64nvme.digest(of: Array("whole".utf8)))
        #expect(assembly.checksum == Checksum(.crc64nvme, .fullObject, value))
    }

    // The words are AWS's, as SDKs' users report them.
    @Test func `a composite checksum wants each part's in the request`() {
        let parts = [part(1, "a", .sha256)]
        var named = naming(parts[0])
        named.checksums = [:]
        #expect(
            code {
                _ = try Assembly(Completion(parts: [named]), of: upload(.sha256), from: parts)
            } == "InvalidRequest"
        )
    }

    @Test func `what the client expects of the whole is compared`() throws {
        let parts = [part(1, "a", size: 1, .sha256)]
        let value = Base64.encode(
            ChecksumAlgorithm.sha256.digest(of: ChecksumAlgorithm.sha256.digest(of: [97]))
        )
        func refusal(_ value: String, size: Int64? = nil) -> String? {
            code {
                _ = try Assembly(
                    Completion(parts: parts.map(naming), checksum: (.sha256, value), size: size),
                    of: upload(.sha256),
                    from: parts
                )
            }
        }
        #expect(refusal(value) == nil)
        #expect(refusal(value + "-1") == nil)
        #expect(refusal(value, size: 1) == nil)
        #expect(refusal(value, size: 2) == "InvalidRequest")
        #expect(refusal("AAAA") == "BadDigest")
    }
}
