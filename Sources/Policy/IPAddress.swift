/// An IP address, or a block of them in CIDR notation.
///
/// [RFC 4632](https://www.rfc-editor.org/rfc/rfc4632), [RFC 4291](https://www.rfc-editor.org/rfc/rfc4291)
struct IPAddress: Sendable, Hashable {
    /// 4 or 16 bytes.
    let bytes: [UInt8]
    /// How many bits count.
    let prefix: Int

    var isV4: Bool { bytes.count == 4 }

    /// Reads `192.0.2.0/24`, `2001:db8::/32`, or an address alone; `nil` for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = parts.first,
            let bytes = Self.v4(address) ?? Self.v6(address)
        else { return nil }
        var prefix = bytes.count * 8
        if parts.count == 2 {
            guard let bits = Self.decimal(parts[1], limit: prefix) else { return nil }
            prefix = bits
        }
        // A v4 address inside v6 is that v4 address.
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        if bytes.count == 16, bytes.starts(with: mapped), prefix >= 96 {
            self.bytes = Array(bytes.suffix(4))
            self.prefix = prefix - 96
        } else {
            self.bytes = bytes
            self.prefix = prefix
        }
    }

    /// Whether an address lies in this block.
    func contains(_ other: IPAddress) -> Bool {
        guard bytes.count == other.bytes.count, other.prefix >= prefix else { return false }
        return zip(bytes, other.bytes).enumerated().allSatisfy { index, pair in
            let bits = min(8, max(0, prefix - index * 8))
            let mask = bits == 0 ? UInt8(0) : UInt8(truncatingIfNeeded: 0xFF << (8 - bits))
            return pair.0 & mask == pair.1 & mask
        }
    }

    private static func decimal(_ text: Substring, limit: Int) -> Int? {
        guard (1...3).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), number <= limit
        else { return nil }
        return number
    }

    private static func v4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap {
            decimal($0, limit: 255).map(UInt8.init(truncatingIfNeeded:))
        }
        return bytes.count == 4 ? bytes : nil
    }

    private static func v6(_ text: Substring) -> [UInt8]? {
        guard text.contains(":") else { return nil }
        if let gap = text.firstRange(of: "::") {
            guard let head = groups(text[..<gap.lowerBound]),
                let tail = groups(text[gap.upperBound...]), head.count + tail.count <= 14
            else { return nil }
            return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
        }
        guard let bytes = groups(text), bytes.count == 16 else { return nil }
        return bytes
    }

    /// The bytes of groups with colons between them, the last of which may be a v4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let address = v4(part) {
                bytes += address
            } else {
                guard (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16),
                    part.first != "+"
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}
