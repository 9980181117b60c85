internal import Digests

/// What a blob file says about itself, so that a lost index can be rebuilt from the blobs.
///
/// It follows the body, so that a body starts at the file's first byte: fields as netstrings, then a footer
/// of 24 bytes: the fields' length and their CRC-64/NVME, both most significant byte first, and a magic word.
struct BlobRecord: Hashable, Sendable {
    /// The last eight bytes of every blob file.
    static let magic = Array("PAILBLOB".utf8)
    static let footerLength = 24

    let fields: [Field]

    init(_ fields: [Field]) { self.fields = fields }

    /// The bytes that follow the body.
    var encoded: [UInt8] {
        let body = fields.encoded
        var crc = CRC64NVME()
        crc.update(body)
        return body + Self.bytes(of: UInt64(body.count)) + crc.bytes + Self.magic
    }

    /// Reads the record at the end of a blob's last bytes, which must hold all of it.
    ///
    /// - Returns: `nil` where there is none, or a damaged one.
    init?(tail: [UInt8]) {
        guard let length = Self.length(ofRecordBefore: Array(tail.suffix(Self.footerLength))),
            length <= tail.count - Self.footerLength
        else { return nil }
        let body = tail.dropLast(Self.footerLength).suffix(length)
        var crc = CRC64NVME()
        crc.update(body)
        guard Array(tail.suffix(16).prefix(8)) == crc.bytes, let fields = [Field](encoded: body)
        else { return nil }
        self.fields = fields
    }

    /// The length of the fields that a footer speaks of, in bytes; `nil` where it is no footer.
    static func length(ofRecordBefore footer: [UInt8]) -> Int? {
        guard footer.count == footerLength, Array(footer.suffix(8)) == magic else { return nil }
        return Int(exactly: footer.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// The value of the first field of a name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    private static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
