/// A name and a value that travel with an object, such as `content-type` and `image/jpeg`.
public struct Field: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The value, byte for byte as it was given.
    public let value: String

    /// Names a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [Field] {
    /// Names and values as netstrings, `12:content-type,10:image/jpeg,`: legible, and safe for any text.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for text in flatMap({ [$0.name, $0.value] }) {
            bytes += [UInt8]("\(text.utf8.count):".utf8)
            bytes += [UInt8](text.utf8)
            bytes.append(UInt8(ascii: ","))
        }
        return bytes
    }

    /// Reads what ``encoded`` wrote; `nil` for anything else.
    init?(encoded bytes: some Collection<UInt8>) {
        var rest = bytes[...]
        self = []
        while !rest.isEmpty {
            guard let name = Self.takeText(from: &rest), let value = Self.takeText(from: &rest)
            else { return nil }
            append(Field(name, value))
        }
    }

    private static func takeText<Bytes: Collection<UInt8>>(from rest: inout Bytes) -> String?
    where Bytes.SubSequence == Bytes {
        guard let colon = rest.prefix(12).firstIndex(of: UInt8(ascii: ":")),
            let length = Int(String(decoding: rest[..<colon], as: UTF8.self)), length >= 0,
            let end = rest.index(
                rest.index(after: colon),
                offsetBy: length,
                limitedBy: rest.endIndex
            ),
            end != rest.endIndex, rest[end] == UInt8(ascii: ",")
        else { return nil }
        defer { rest = rest[rest.index(after: end)...] }
        return String(decoding: rest[rest.index(after: colon)..<end], as: UTF8.self)
    }
}
