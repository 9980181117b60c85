import CChecksums
import Digests
import Testing

@Suite struct CRCTests {
    /// The check values of the CRC catalogue, <https://reveng.sourceforge.io/crc-catalogue/all.htm>.
    @Test func `the published check values`() {
        #expect(CRC32(of: "123456789".utf8).value == 0xCBF4_3926)
        #expect(CRC32C(of: "123456789".utf8).value == 0xE306_9283)
        #expect(CRC64NVME(of: "123456789".utf8).value == 0xAE8B_1486_0A79_9888)
    }

    @Test func `nothing has the check 0`() {
        #expect(CRC32().value == 0)
        #expect(CRC32C(of: []).value == 0)
        #expect(CRC64NVME(of: []).bytes == [0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `a value is sent with its highest byte first`() {
        #expect(Base64.encode(CRC32(of: "123456789".utf8).bytes) == "y/Q5Jg==")
        #expect(CRC32C.bytes(of: 0x0102_0304) == [1, 2, 3, 4])
    }

    @Test func `the fast kernel and the tables agree at every length and alignment`() {
        let bytes = SeededRandom(seed: 1).bytes(1200)
        for length in 0...1100 {
            for start in [0, 1, 3, 8, 15] {
                #expect(Kernels.agree(on: bytes, from: start, count: length))
            }
        }
    }

    /// The definition itself, one bit at a time.
    @Test func `the tables agree with a division by hand`() {
        let bytes = SeededRandom(seed: 2).bytes(300)
        for length in [1, 7, 8, 9, 63, 64, 65, 300] {
            let part = bytes.prefix(length)
            #expect(CRC32(of: part).value == divided(part, by: CRC32Code.polynomial))
            #expect(CRC32C(of: part).value == divided(part, by: CRC32CCode.polynomial))
            #expect(CRC64NVME(of: part).value == divided(part, by: CRC64NVMECode.polynomial))
        }
    }

    private func divided<Word: FixedWidthInteger>(
        _ bytes: some Sequence<UInt8>,
        by polynomial: Word
    ) -> Word {
        var remainder = ~Word(0)
        for byte in bytes {
            remainder ^= Word(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 1 ? (remainder >> 1) ^ polynomial : remainder >> 1
            }
        }
        return ~remainder
    }

    @Test(arguments: [1, 5, 16, 63, 64, 100, 4096])
    func `pieces have the check of the whole`(size: Int) {
        let bytes = SeededRandom(seed: 3).bytes(10_000)
        var pieces = CRC64NVME()
        for start in stride(from: 0, to: bytes.count, by: size) {
            pieces.update(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(pieces.value == CRC64NVME(of: bytes).value)
    }

    @Test(arguments: [0, 1, 2, 255, 256, 4096, 9_999, 10_000])
    func `two checks combine into the check of both runs`(split: Int) {
        let bytes = SeededRandom(seed: 4).bytes(10_000)
        expectCombined(CRC32.self, bytes, split)
        expectCombined(CRC32C.self, bytes, split)
        expectCombined(CRC64NVME.self, bytes, split)
    }

    private func expectCombined<Code>(_ check: CRC<Code>.Type, _ bytes: [UInt8], _ split: Int) {
        let combined = CRC<Code>.combine(
            CRC<Code>(of: bytes[..<split]).value,
            CRC<Code>(of: bytes[split...]).value,
            secondLength: Int64(bytes.count - split)
        )
        #expect(combined == CRC<Code>(of: bytes).value)
    }

    @Test func `checks combine over lengths that nobody reads`() {
        // Carrying over 2^40 zero bytes in one go and in two is the same.
        let half = CRC64NVME.combine(123, 0, secondLength: 1 << 39)
        #expect(
            CRC64NVME.combine(123, 0, secondLength: 1 << 40)
                == CRC64NVME.combine(half, 0, secondLength: 1 << 39)
        )
    }
}

extension CRC {
    init(of bytes: some Collection<UInt8>) {
        self.init()
        update(bytes)
    }
}

private enum Kernels {
    static func agree(on bytes: [UInt8], from start: Int, count: Int) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = unsafe bytes.baseAddress.map({ unsafe $0 + start }) else {
                return false
            }
            return unsafe checksums_crc32(7, base, count)
                == checksums_crc32_portable(7, base, count)
                && checksums_crc32c(7, base, count) == checksums_crc32c_portable(7, base, count)
                && checksums_crc64nvme(7, base, count)
                    == checksums_crc64nvme_portable(7, base, count)
        }
    }
}
