import Glibc
import NIOCore

/// Bytes to be searched for in what arrives, by Horspool's method.
///
/// In most content a boundary of 40 bytes is found, or found missing, by looking at every fortieth byte
/// or so; at worst every byte is looked at. Looking at each carriage return took seven times as long
/// (debug build).
///
/// [R. N. Horspool, Practical fast searching in strings](https://doi.org/10.1002/spe.4380100608)
struct MultipartFormPattern: Sendable {
    /// What is searched for.
    let bytes: [UInt8]
    /// How far the search may go on from a window whose last byte is this one: at least one byte.
    private let steps: [Int]

    /// Prepares a search for some bytes, at least one.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var steps = [Int](repeating: max(bytes.count, 1), count: 256)
        for (place, byte) in bytes.dropLast().enumerated() {
            steps[Int(byte)] = bytes.count - 1 - place
        }
        self.steps = steps
    }

    /// Where the bytes first stand among the readable ones of a buffer.
    func firstOffset(in buffer: ByteBuffer) -> Int? {
        unsafe buffer.withUnsafeReadableBytes { window in
            guard let start = window.baseAddress else { return nil }
            var end = bytes.count - 1
            while end < window.count {
                let last = unsafe window[end]
                let offset = end - bytes.count + 1
                if last == bytes.last, unsafe memcmp(start + offset, bytes, bytes.count) == 0 {
                    return offset
                }
                end += steps[Int(last)]
            }
            return nil
        }
    }
}
