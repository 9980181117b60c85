import Digests
import NIOCore
import NIOHTTP1
import S3Protocol

extension S3Client {
    /// Makes the object of an upload's parts.
    ///
    /// Where every part has its checksum, that of the whole is told too: the service makes no object that has another.
    ///
    /// - Parameters:
    ///   - upload: The upload.
    ///   - parts: Its parts, in any order.
    ///   - condition: What must be true of the key.
    /// - Returns: The object.
    /// - Throws: ``S3ClientError``, also where the service failed after it had begun to answer;
    ///   ``S3ClientError/isConditionFailed`` where the condition does not hold: the upload is still there then.
    ///
    /// [CompleteMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html)
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition = .none
    ) async throws -> PutResult {
        let parts = parts.sorted { $0.number < $1.number }
        let whole = WholeChecksum.of(parts)
        var call = Call(
            operation: "CompleteMultipartUpload",
            method: .POST,
            bucket: upload.bucket,
            key: upload.key
        )
        call.query = [("uploadId", upload.id)]
        call.headers = condition.headers
        call.headers.add(name: "Content-Type", value: "application/xml")
        if let whole {
            call.headers.add(name: whole.algorithm.headerName, value: whole.value)
            call.headers.add(name: "x-amz-checksum-type", value: whole.type.rawValue)
        }
        call.body = .bytes(Self.document(of: parts))
        let (headers, document) = try await send(call) {
            ($0.headers, try await $0.document("CompleteMultipartUploadResult", of: call))
        }
        guard let etag = document.word("ETag") else {
            throw S3ClientError.unexpected("has no ETag")
        }
        return PutResult(
            etag: ETagMatch.unquoted(etag),
            size: parts.reduce(0) { $0 + $1.size },
            checksum: whole,
            versionID: headers.first(name: "x-amz-version-id")
        )
    }

    private static func document(of parts: [UploadedPart]) -> ByteBuffer {
        XMLWriter.document("CompleteMultipartUpload") { document in
            for part in parts {
                document.element("Part") { element in
                    element.element("PartNumber", part.number)
                    element.element("ETag", "\"\(part.etag)\"")
                    if let checksum = part.checksum {
                        element.element(named: checksum.algorithm.elementName, checksum.value)
                    }
                }
            }
        }
    }
}

/// The checksum of an object from those of its parts.
enum WholeChecksum {
    /// `nil` where a part has none, or not one that can be joined.
    static func of(_ parts: [UploadedPart]) -> Checksum? {
        guard let algorithm = parts.first?.checksum?.algorithm,
            parts.allSatisfy({ $0.checksum?.algorithm == algorithm })
        else { return nil }
        let value: [UInt8]? =
            switch algorithm {
            case .crc32: joined(parts, CRC32.self)
            case .crc64nvme: joined(parts, CRC64NVME.self)
            case .crc32c: joined(parts, CRC32C.self)
            default: nil
            }
        return value.map { Checksum(algorithm, .fullObject, Base64.encode($0)) }
    }

    private static func joined<Code: CRCCode>(
        _ parts: [UploadedPart],
        _: CRC<Code>.Type
    ) -> [UInt8]? {
        var whole: Code.Word = 0
        for part in parts {
            guard let bytes = part.checksum.flatMap({ Base64.decode($0.value) }),
                bytes.count * 8 == Code.Word.bitWidth
            else { return nil }
            let word = bytes.reduce(Code.Word(0)) { $0 << 8 | Code.Word($1) }
            whole = CRC<Code>.combine(whole, word, secondLength: part.size)
        }
        return CRC<Code>.bytes(of: whole)
    }
}
