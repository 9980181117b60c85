import CChecksums

/// A cyclic redundancy check of bytes that arrive in pieces.
///
/// [Checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
public struct CRC<Code: CRCCode>: Sendable {
    /// The check of the bytes so far.
    public private(set) var value: Code.Word = 0

    /// Starts with the check of no bytes.
    public init() {}

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = unsafe Code.extend(value, bytes)
    }

    /// Adds bytes: an array, a buffer's view, a string's `utf8`.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        unsafe bytes.withBytes { unsafe update($0) }
    }

    /// The value as S3 sends it: the highest byte first, before base64.
    public var bytes: [UInt8] { Self.bytes(of: value) }

    /// A value as S3 sends it: the highest byte first, before base64.
    public static func bytes(of value: Code.Word) -> [UInt8] {
        let word = UInt64(truncatingIfNeeded: value)
        return (0..<Code.Word.bitWidth / 8).reversed().map { place in
            UInt8(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: place &* 8))
        }
    }

    /// The check of two runs of bytes, one after the other, from the check of each.
    ///
    /// It makes the `FULL_OBJECT` checksum of a multipart object without reading its bytes again.
    ///
    /// - Parameters:
    ///   - first: The check of the bytes before.
    ///   - second: The check of the bytes after.
    ///   - secondLength: How many bytes those are; a negative number counts as 0.
    /// - Returns: The check of all of them.
    public static func combine(
        _ first: Code.Word,
        _ second: Code.Word,
        secondLength: Int64
    ) -> Code.Word {
        combine(first, second, over: power(over: secondLength))
    }

    /// The same, with what ``power(over:)`` says of the second's length: many runs are of one.
    public static func combine(
        _ first: Code.Word,
        _ second: Code.Word,
        over power: Code.Word
    ) -> Code.Word {
        product(first, power) ^ second
    }

    /// What a check is multiplied by to carry it over so many bytes: x^(8 · length), found by squaring, with about 100
    /// multiplications whatever the length.
    public static func power(over length: Int64) -> Code.Word {
        var result: Code.Word = 1 << (Code.Word.bitWidth - 1)  // x^0
        var power: Code.Word = 1 << (Code.Word.bitWidth - 1 - 8)  // x^8, one byte
        var length = max(length, 0)
        while length > 0 {
            if length & 1 == 1 { result = product(result, power) }
            power = product(power, power)
            length >>= 1
        }
        return result
    }

    /// The product of two polynomials modulo the code's own, the lowest bit being the highest power.
    private static func product(_ left: Code.Word, _ right: Code.Word) -> Code.Word {
        var sum: Code.Word = 0
        var shifted = right
        for bit in stride(from: Code.Word.bitWidth - 1, through: 0, by: -1) {
            if (left >> bit) & 1 == 1 { sum ^= shifted }
            shifted = (shifted >> 1) ^ (shifted & 1 == 1 ? Code.polynomial : 0)
        }
        return sum
    }
}

/// Which polynomial a check divides by.
public protocol CRCCode: Sendable {
    /// A number as wide as the check.
    associatedtype Word: FixedWidthInteger & UnsignedInteger & Sendable
    /// The polynomial, its lowest bit the highest power, without its leading term.
    static var polynomial: Word { get }
    /// The check of bytes that follow others, whose check is `crc`.
    static func extend(_ crc: Word, _ bytes: UnsafeRawBufferPointer) -> Word
}

/// CRC-32 (ISO 3309), as zlib has it: `x-amz-checksum-crc32`.
public typealias CRC32 = CRC<CRC32Code>
/// CRC-32C (Castagnoli): `x-amz-checksum-crc32c`.
public typealias CRC32C = CRC<CRC32CCode>
/// CRC-64/NVME: `x-amz-checksum-crc64nvme`, the default of S3 and of new SDKs.
public typealias CRC64NVME = CRC<CRC64NVMECode>

/// The polynomial of ISO 3309.
public enum CRC32Code: CRCCode {
    /// 0x04C11DB7, reflected.
    public static let polynomial: UInt32 = 0xEDB8_8320
    /// The check of bytes that follow others.
    public static func extend(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe checksums_crc32(crc, bytes.baseAddress, bytes.count)
    }
}

/// The polynomial of Castagnoli.
public enum CRC32CCode: CRCCode {
    /// 0x1EDC6F41, reflected.
    public static let polynomial: UInt32 = 0x82F6_3B78
    /// The check of bytes that follow others.
    public static func extend(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe checksums_crc32c(crc, bytes.baseAddress, bytes.count)
    }
}

/// The polynomial of the NVM Express specification.
public enum CRC64NVMECode: CRCCode {
    /// 0xAD93D23594C93659, reflected.
    public static let polynomial: UInt64 = 0x9A6C_9329_AC4B_C9B5
    /// The check of bytes that follow others.
    public static func extend(_ crc: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
        unsafe checksums_crc64nvme(crc, bytes.baseAddress, bytes.count)
    }
}
