public import NIOCore
import Synchronization

/// A form whose fields are read one after the other while its body still arrives.
///
/// ```swift
/// let form = try MultipartForm(request.body, contentType: contentType)
/// while let field = try await form.nextField() {
///     while let bytes = try await form.nextBytes() { … }
/// }
/// ```
///
/// It has one reader, as the body has.
public final class MultipartForm: Sendable {
    private let body: HTTPBody
    private let state: Mutex<State>

    private struct State {
        var reader: MultipartFormReader
        var isInField = false
        var isBodyEnded = false

        /// The reader's next event; that the form is complete is told by its body's end.
        mutating func next() throws(MultipartFormError) -> MultipartFormReader.Event? {
            guard let event = try reader.next() else { return nil }
            switch event {
            case .field: isInField = true
            case .fieldEnd: isInField = false
            case .formEnd: return try reader.next()
            case .bytes: break
            }
            return event
        }
    }

    /// Reads a form; nothing of the body is read before the first field is asked for.
    ///
    /// - Parameters:
    ///   - body: The request's body.
    ///   - contentType: The value of the request's `Content-Type` header, which names the boundary.
    ///   - limits: What the form may cost.
    /// - Throws: ``MultipartFormError/notAForm``.
    public init(
        _ body: HTTPBody,
        contentType: String,
        limits: MultipartFormLimits = MultipartFormLimits()
    ) throws(MultipartFormError) {
        self.body = body
        let reader = try MultipartFormReader(contentType: contentType, limits: limits)
        state = Mutex(State(reader: reader))
    }

    /// How many bytes of the body have been read as part of the form.
    public var position: Int { state.withLock { $0.reader.position } }

    /// The next field, or `nil` where the form and its body are complete.
    ///
    /// What is left of the field before is passed over.
    ///
    /// - Throws: ``MultipartFormError``; ``HTTPBodyError`` where the connection fails the body.
    public func nextField() async throws -> MultipartFormField? {
        while let event = try await nextEvent() {
            if case .field(let field) = event { return field }
        }
        return nil
    }

    /// The next bytes of the field that was begun last, never none, or `nil` where it has no more.
    ///
    /// - Throws: ``MultipartFormError``; ``HTTPBodyError`` where the connection fails the body.
    public func nextBytes() async throws -> ByteBuffer? {
        guard state.withLock({ $0.isInField }), let event = try await nextEvent(),
            case .bytes(let bytes) = event
        else { return nil }
        return bytes
    }

    /// The whole of the field that was begun last, as text.
    ///
    /// - Parameter limit: the most bytes that are read.
    /// - Returns: the text, or `nil` where the field is longer than the limit.
    /// - Throws: ``MultipartFormError``, also for a field that is not UTF-8; ``HTTPBodyError``.
    public func text(limit: Int) async throws -> String? {
        var text = ByteBuffer()
        while let bytes = try await nextBytes() {
            guard text.readableBytes + bytes.readableBytes <= limit else { return nil }
            text.writeImmutableBuffer(bytes)
        }
        guard let text = String(validating: text.readableBytesView, as: UTF8.self) else {
            throw MultipartFormError.malformed("a field is not UTF-8")
        }
        return text
    }

    private func nextEvent() async throws -> MultipartFormReader.Event? {
        while true {
            if let event = try state.withLock({ try $0.next() }) { return event }
            guard !state.withLock({ $0.isBodyEnded }) else { return nil }
            let piece = try await body.next()
            try state.withLock { state in
                if let piece { return state.reader.feed(piece) }
                state.isBodyEnded = true
                try state.reader.finish()
            }
        }
    }
}
