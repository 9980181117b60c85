import Digests
import NIOHTTP1
import ObjectStore
import S3Protocol

extension ChecksumHeaders {
    /// Holds a body to the promises, and names the checksum to keep for it.
    ///
    /// S3 keeps CRC-64/NVME for a body that came without a checksum.
    ///
    /// - Throws: ``S3Error`` with `BadDigest`, or `MalformedTrailerError` where an announced trailer
    ///   did not come.
    func verify(
        _ digests: BodyDigests,
        trailer: [(name: String, value: String)]
    ) throws(S3Error) -> Checksum {
        if let md5, md5 != digests.md5 {
            throw S3Error(
                .badDigest,
                "The Content-MD5 you specified did not match what we received.",
                details: [
                    .init("ExpectedDigest", Hex.encode(md5)),
                    .init("CalculatedDigest", Base64.encode(digests.md5)),
                ]
            )
        }
        guard let algorithm else {
            return Checksum(.crc64nvme, .fullObject, Base64.encode(digests.crc64))
        }
        let computed = Base64.encode(digests[algorithm] ?? [])
        guard isPromised else { return Checksum(algorithm, .fullObject, computed) }
        guard
            let promised = value ?? trailer.first(where: { $0.name == algorithm.headerName })?.value
        else { throw S3Error(.malformedTrailer) }
        try Self.check(promised, of: algorithm)
        guard promised == computed else {
            throw S3Error(
                .badDigest,
                "The \(algorithm.rawValue) you specified did not match the calculated checksum."
            )
        }
        return Checksum(algorithm, .fullObject, computed)
    }
}

extension Checksum {
    /// The response headers that show it.
    var headers: HTTPHeaders {
        [algorithm.headerName: value, "x-amz-checksum-type": type.rawValue]
    }
}

extension XMLWriter {
    /// A checksum's own element and, where asked for, its type's.
    mutating func checksum(_ checksum: Checksum?, withType: Bool = true) {
        guard let checksum else { return }
        element(named: checksum.algorithm.elementName, checksum.value)
        if withType { element("ChecksumType", checksum.type.rawValue) }
    }
}
