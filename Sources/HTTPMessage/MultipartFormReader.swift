public import NIOCore

/// Takes a form apart as it arrives: the fields of `multipart/form-data`, one after the other.
///
/// ```
/// --boundary⏎ Content-Disposition: form-data; name="title"⏎ ⏎ A cat ⏎
/// --boundary⏎ Content-Disposition: form-data; name="file"; filename="cat.jpg"⏎ ⏎ bytes ⏎
/// --boundary--⏎
/// ```
///
/// It knows no socket and no time: bytes go in, and slices of the same bytes come out. It holds back
/// no more than a boundary's length, or one field's header lines, so a file of any size passes through
/// it in bounded memory. It is strict: nothing may stand before the first boundary or behind the last,
/// and every line ends with CR and LF.
///
/// [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578),
/// [RFC 2046, 5.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1)
public struct MultipartFormReader: Sendable {
    /// What a form is made of.
    public enum Event: Sendable, Hashable {
        /// A field begins.
        case field(MultipartFormField)
        /// Bytes of the field's content, never none.
        case bytes(ByteBuffer)
        /// The field's content is complete.
        case fieldEnd
        /// The form is complete.
        case formEnd
    }

    private enum State { case start, header, content, lastFieldEnded, end }

    private let limits: MultipartFormLimits
    /// What ends a field's content: line end, two dashes, boundary.
    private let delimiter: [UInt8]
    private let delimiterPattern: MultipartFormPattern
    private static let headerEnd = MultipartFormPattern(Array("\r\n\r\n".utf8))
    private var state = State.start
    private var buffer = ByteBuffer()
    private var fieldCount = 0

    /// How many bytes of the body have become events or were passed over between them.
    public private(set) var position = 0

    /// Starts before a form's first byte.
    ///
    /// - Parameters:
    ///   - contentType: The value of the request's `Content-Type` header, which names the boundary.
    ///   - limits: What the form may cost.
    /// - Throws: ``MultipartFormError/notAForm``.
    public init(
        contentType: String,
        limits: MultipartFormLimits = MultipartFormLimits()
    ) throws(MultipartFormError) {
        let boundary = try MultipartFormHeader.boundary(contentType: contentType)
        delimiter = Array("\r\n--\(boundary)".utf8)
        delimiterPattern = MultipartFormPattern(delimiter)
        self.limits = limits
    }

    /// Takes in the next piece of the body; ask for ``next()`` until it has no more.
    public mutating func feed(_ piece: ByteBuffer) {
        guard buffer.readableBytes > 0 else {
            buffer = piece
            return
        }
        var joined = ByteBufferAllocator().buffer(
            capacity: buffer.readableBytes + piece.readableBytes
        )
        joined.writeImmutableBuffer(buffer)
        joined.writeImmutableBuffer(piece)
        buffer = joined
    }

    /// The next event, or `nil` where more must be fed, or nothing more will come.
    ///
    /// - Throws: ``MultipartFormError`` where this is no form.
    public mutating func next() throws(MultipartFormError) -> Event? {
        switch state {
        case .start:
            guard try readFirstBoundary() else { return nil }
            return try next()
        case .header: return try readHeader().map { .field($0) }
        case .content: return readContent()
        case .lastFieldEnded:
            state = .end
            return .formEnd
        case .end:
            try skipAfterEnd()
            return nil
        }
    }

    /// Makes sure that the form was complete when its body ended.
    ///
    /// - Throws: ``MultipartFormError/incomplete``.
    public func finish() throws(MultipartFormError) {
        guard state == .end else { throw .incomplete }
    }

    private mutating func consume(_ count: Int) {
        buffer.moveReaderIndex(forwardBy: count)
        position += count
    }
}

// MARK: Boundaries and headers

extension MultipartFormReader {
    /// The first boundary needs no line end before it, and some clients send one.
    private mutating func readFirstBoundary() throws(MultipartFormError) -> Bool {
        let bytes = buffer.readableBytesView
        let hasLineEnd = bytes.first == UInt8(ascii: "\r")
        let expected = (hasLineEnd ? delimiter[...] : delimiter[2...]) + [0x0D, 0x0A]
        // A form without a field ends with its first boundary.
        let empty = expected.dropLast(2) + Array("--".utf8)
        let count = min(bytes.count, expected.count)
        let isEmpty = bytes.starts(with: empty.prefix(count))
        guard isEmpty || bytes.starts(with: expected.prefix(count)) else {
            throw .malformed("the form does not begin with its boundary")
        }
        guard count == expected.count else { return false }
        consume(count)
        state = isEmpty ? .lastFieldEnded : .header
        return true
    }

    private mutating func readHeader() throws(MultipartFormError) -> MultipartFormField? {
        guard fieldCount < limits.fields else { throw .tooManyFields }
        guard let end = Self.headerEnd.firstOffset(in: buffer) else {
            guard buffer.readableBytes < limits.headerBytes + 4 else { throw .headerTooLong }
            return nil
        }
        guard end <= limits.headerBytes else { throw .headerTooLong }
        let field = try MultipartFormHeader.field(buffer.readableBytesView.prefix(end))
        consume(end + 4)
        fieldCount += 1
        state = .content
        return field
    }

    private mutating func skipAfterEnd() throws(MultipartFormError) {
        guard buffer.readableBytesView.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) else {
            throw .malformed("more bytes follow the end of the form")
        }
        consume(buffer.readableBytes)
    }
}

// MARK: Content

extension MultipartFormReader {
    private mutating func readContent() -> Event? {
        guard let offset = delimiterPattern.firstOffset(in: buffer) else {
            return takeBytes(buffer.readableBytes - heldBack)
        }
        guard offset == 0 else { return takeBytes(offset) }
        let after = buffer.readableBytesView.dropFirst(delimiter.count).prefix(2)
        guard after.count == 2 else { return nil }
        // A longer line that only begins like the boundary belongs to the content.
        guard after.elementsEqual("\r\n".utf8) || after.elementsEqual("--".utf8) else {
            return takeBytes(delimiter.count)
        }
        state = after.elementsEqual("--".utf8) ? .lastFieldEnded : .header
        consume(delimiter.count + 2)
        return .fieldEnd
    }

    private mutating func takeBytes(_ count: Int) -> Event? {
        guard count > 0, let slice = buffer.readSlice(length: count) else { return nil }
        position += count
        return .bytes(slice)
    }

    /// How many bytes at the end could be the beginning of a boundary.
    ///
    /// A boundary holds no carriage return but its first byte, so only the last one can begin it.
    private var heldBack: Int {
        let end = buffer.readableBytesView.suffix(delimiter.count - 1)
        guard let start = end.lastIndex(of: UInt8(ascii: "\r")),
            delimiter.starts(with: end[start...])
        else { return 0 }
        return end.distance(from: start, to: end.endIndex)
    }
}
