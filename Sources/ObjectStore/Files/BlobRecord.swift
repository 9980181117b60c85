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

/// What a blob is, as its record says.
enum BlobKind: String, Sendable {
    /// The body of a whole object.
    case object
    /// A part of an upload.
    case part
    /// No bytes: which parts make up an object.
    case manifest
}

extension BlobRecord {
    /// More than the largest: a manifest of 10,000 parts.
    private static let longest = 16 << 20

    /// Reads the record of a file, and says how long the body before it is.
    ///
    /// - Returns: `nil` where there is none, or a damaged one.
    /// - Throws: ``IOError``.
    static func read(from file: OpenBlob) throws(IOError) -> (record: BlobRecord, bodySize: Int64)?
    {
        let size = try file.size()
        guard size >= Int64(footerLength) else { return nil }
        let footer = try file.read(size - Int64(footerLength)..<size)
        guard let length = length(ofRecordBefore: footer), (0...longest).contains(length),
            Int64(length) <= size - Int64(footerLength)
        else { return nil }
        let bodySize = size - Int64(footerLength) - Int64(length)
        guard let record = BlobRecord(tail: try file.read(bodySize..<size)) else { return nil }
        return (record, bodySize)
    }

    /// How the body is encrypted; `nil` where it is clear.
    var encryption: ObjectEncryption? { ObjectEncryption(fields(under: "encryption:")) }

    /// What an encrypted body needs to be opened.
    var envelope: Envelope? { Envelope(fields(under: "envelope:")) }

    /// The fields whose names begin so, without that beginning.
    func fields(under prefix: String) -> [Field] {
        fields.filter { $0.name.hasPrefix(prefix) }
            .map { Field(String($0.name.dropFirst(prefix.count)), $0.value) }
    }
}
