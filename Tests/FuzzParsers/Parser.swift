/// One of Pail's parsers, as a fuzzer sees it: bytes go in, and nothing may come of them but a result or an error.
///
/// A parser checks what must hold of every result, such as that what was written reads back, with `precondition`:
/// a fuzzer takes a trap for a find, and so does the test that feeds it the corpus.
public struct Parser: Sendable {
    /// The name on the command line, and of the folder with its corpus.
    public let name: String
    private let read: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, _ read: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.read = read
    }

    /// Feeds the parser; an error that it throws is as good as a result.
    public func feed(_ bytes: [UInt8]) {
        try? read(bytes)
    }

    /// The parser of a name.
    public static func named(_ name: String) -> Parser? {
        (all + [selfTest]).first { $0.name == name }
    }

    /// No parser, but a trap that a fuzzer must step into before its silence about the others means anything.
    static let selfTest = Parser("self-test") { bytes in
        guard bytes.count > 1, bytes[0] == UInt8(ascii: "b") else { return }
        precondition(bytes[1] < 0x80)
    }

    #if DEBUG
    /// Every parser that reads what strangers write.
    public static let all: [Parser] =
        [head, target, authorization, presigned, chunks, form, formPolicy] + documents
    #else
    /// A release has no way into the modules.
    public static let all: [Parser] = []
    #endif
}
