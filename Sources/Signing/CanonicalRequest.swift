import NIOHTTP1

/// A request in the one spelling that a version 4 signature covers.
///
/// [Create a canonical request](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#canonical-request)
struct CanonicalRequest {
    /// How spellings are made one.
    enum Form {
        /// As AWS documents it: decoded and encoded again, sorted, runs of spaces folded.
        case documented
        /// Path, query values and headers as they travel, since some clients sign what they send.
        case literal
    }

    var method: String
    var target: String
    var headers: HTTPHeaders
    /// The names of the signed headers as the client lists them, joined by `;`.
    var signedHeaders: String
    /// The last line: a SHA-256 in hex, or what stands for it.
    var payloadHash: String

    init(_ request: SignableRequest, signedHeaders: String, payloadHash: String) {
        method = request.method
        target = request.target
        headers = request.headers
        self.signedHeaders = signedHeaders
        self.payloadHash = payloadHash
    }

    /// The six parts, one after the other.
    func bytes(_ form: Form) -> [UInt8] {
        let target = Array(self.target.utf8)
        let pathEnd = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        var bytes: [UInt8] = []
        bytes.reserveCapacity(target.count + 640)
        bytes += method.utf8
        bytes.append(newline)
        switch form {
        case .documented:
            Recoding.append(
                target[..<pathEnd],
                keepingSlashes: true,
                plusIsSpace: false,
                to: &bytes
            )
        case .literal: bytes += target[..<pathEnd]
        }
        bytes.append(newline)
        CanonicalQuery.append(target[pathEnd...].dropFirst(), form, to: &bytes)
        bytes.append(newline)
        appendHeaders(form, to: &bytes)
        bytes.append(newline)
        bytes += signedHeaders.utf8
        bytes.append(newline)
        bytes += payloadHash.utf8
        return bytes
    }

    /// A header that was signed and did not arrive counts as empty.
    private func appendHeaders(_ form: Form, to bytes: inout [UInt8]) {
        for name in Array(signedHeaders.utf8).split(separator: UInt8(ascii: ";")) {
            bytes += name
            bytes.append(UInt8(ascii: ":"))
            var isFirst = true
            for (header, value) in headers where header.utf8.equalsIgnoringCase(name) {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                HeaderValue.append(value, foldingSpaces: form == .documented, to: &bytes)
            }
            bytes.append(newline)
        }
    }
}

private let newline = UInt8(ascii: "\n")

/// A query with its names and values encoded by the book, and sorted by them.
enum CanonicalQuery {
    /// The parameter that carries the signature, and so cannot be part of it.
    private static let signature = Array("X-Amz-Signature".utf8)

    static func append(
        _ query: ArraySlice<UInt8>,
        _ form: CanonicalRequest.Form,
        to bytes: inout [UInt8]
    ) {
        guard !query.isEmpty else { return }
        var pairs = query.split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (
                name: recoded(pair[..<equals], form),
                value: recoded(pair[equals...].dropFirst(), form)
            )
        }
        pairs.removeAll { $0.name == signature }
        pairs.sort { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value)
                : left.name.lexicographicallyPrecedes(right.name)
        }
        for (index, pair) in pairs.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "&")) }
            bytes += pair.name
            bytes.append(UInt8(ascii: "="))
            bytes += pair.value
        }
    }

    private static func recoded(
        _ text: ArraySlice<UInt8>,
        _ form: CanonicalRequest.Form
    ) -> [UInt8] {
        guard form == .documented else { return Array(text) }
        var recoded: [UInt8] = []
        recoded.reserveCapacity(text.count)
        Recoding.append(text, keepingSlashes: false, plusIsSpace: true, to: &recoded)
        return recoded
    }
}

/// The value of a header field as signatures spell it.
enum HeaderValue {
    /// Appends a value without white space around it, and with runs of it inside folded to one space.
    static func append(_ value: String, foldingSpaces: Bool, to bytes: inout [UInt8]) {
        guard value.hasWhiteSpace else {
            bytes += value.utf8
            return
        }
        var pending = 0
        var isLeading = true
        for byte in value.utf8 {
            guard !byte.isWhiteSpace else {
                pending += 1
                continue
            }
            if !isLeading, pending > 0 {
                let count = foldingSpaces ? 1 : pending
                bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
            }
            pending = 0
            isLeading = false
            bytes.append(byte)
        }
    }
}

extension String {
    /// Whether there is a space or a tab in it.
    ///
    /// By its span, as every byte of what is signed is looked at.
    fileprivate var hasWhiteSpace: Bool {
        let bytes = utf8.span
        for index in bytes.indices where bytes[index].isWhiteSpace { return true }
        return false
    }
}

extension Collection<UInt8> {
    /// Whether the bytes are the same, ASCII letters counting without their case.
    func equalsIgnoringCase(_ other: some Collection<UInt8>) -> Bool {
        count == other.count && elementsEqual(other) { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    /// Whether the bytes begin with `prefix`, which is in lower case, letters counting without their case.
    func startsIgnoringCase(with prefix: some Collection<UInt8>) -> Bool {
        var bytes = makeIterator()
        return prefix.allSatisfy { $0 == bytes.next()?.lowercasedASCII }
    }
}

extension UInt8 {
    /// A space or a tab.
    fileprivate var isWhiteSpace: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// The lower-case letter of an upper-case one in ASCII.
    var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
