import Foundation
import NIOCore

/// Images, real and made up.
enum Fixture {
    static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/media/\(name)").path()
    }

    static func bytes(_ name: String) throws -> ByteBuffer {
        ByteBuffer(bytes: try Data(contentsOf: URL(filePath: path(name))))
    }

    /// One pixel.
    static let gif: [UInt8] =
        Array("GIF89a".utf8) + [
            1, 0, 1, 0, 0x80, 0, 0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2,
            2, 0x44, 1, 0, 0x3B,
        ]

    /// A cat whose camera was turned, and told where it was.
    static func photograph(orientation: UInt8) throws -> [UInt8] {
        let cat = Array(try bytes("cat.jpg").readableBytesView)
        let place = Array("SECRET-PLACE\0".utf8)
        // TIFF, big-endian; one folder with the orientation (0x0112) and a description (0x010E).
        var exif: [UInt8] = Array("Exif\0\0MM\0*".utf8) + [0, 0, 0, 8, 0, 2]
        exif += [0x01, 0x0E, 0, 2, 0, 0, 0, UInt8(place.count), 0, 0, 0, 38]
        exif += [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
        exif += [0, 0, 0, 0] + place
        let length = exif.count + 2
        return cat.prefix(2) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + exif
            + cat.dropFirst(2)
    }

    /// The beginning of a PNG of some size, and no pixels.
    static func png(width: UInt32, height: UInt32) -> [UInt8] {
        let header = big(width) + big(height) + [8, 2, 0, 0, 0]
        return signature + chunk("IHDR", header) + chunk("IDAT", [0x78, 0x9C]) + chunk("IEND", [])
    }

    /// Two by two pixels that nobody sees.
    static let clearPNG: [UInt8] = {
        let rows = [UInt8](repeating: 0, count: 2 * 9)
        let stored: [UInt8] = [0x78, 0x01, 1, 18, 0, 0xED, 0xFF] + rows + big(adler(rows))
        return signature + chunk("IHDR", big(2) + big(2) + [8, 6, 0, 0, 0])
            + chunk("IDAT", stored) + chunk("IEND", [])
    }()

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let content = Array(type.utf8) + data
        return big(UInt32(data.count)) + content + big(crc(content))
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1) * 0xEDB8_8320 }
        }
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        let (low, high) = bytes.reduce((UInt32(1), UInt32(0))) { sums, byte in
            let low = (sums.0 + UInt32(byte)) % 65521
            return (low, (sums.1 + low) % 65521)
        }
        return high << 16 | low
    }
}
