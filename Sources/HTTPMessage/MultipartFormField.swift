/// The beginning of one field of a form: everything that is known before its first byte.
///
/// [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)
public struct MultipartFormField: Sendable, Hashable {
    /// The field's name, as it came.
    public let name: String
    /// The name of the file that the field holds, as it came; `nil` where the field holds no file.
    ///
    /// Browsers write a quotation mark as `%22` and leave a percent sign as it is, so nothing can be
    /// decoded here without guessing.
    public let fileName: String?
    /// The content type that the sender gave, if it gave one.
    public let contentType: String?

    /// Names a field.
    public init(name: String, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }

    /// The file's name without the folders that some browsers put before it.
    ///
    /// Both slashes end a folder: the sender's system is not known.
    public var baseName: String? {
        guard let fileName else { return nil }
        let bytes = fileName.utf8
        let last = bytes.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        return last.map { String(fileName[bytes.index(after: $0)...]) } ?? fileName
    }
}

/// What a form may cost its reader.
public struct MultipartFormLimits: Sendable {
    /// Bytes of a boundary: [RFC 2046, 5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1)
    /// allows 70.
    public static let boundaryBytes = 70

    /// Bytes of one field's header lines: room for a file name of 255 characters in any script,
    /// three times over.
    public var headerBytes = 4096
    /// Fields of one form: more than any page asks for.
    public var fields = 256

    /// The limits of a form that a stranger sends.
    public init() {}
}

/// Why a body is not a form that is accepted here.
public enum MultipartFormError: Error, Hashable, Sendable {
    /// The content type is another, or names no boundary that could be one.
    case notAForm
    /// The form breaks the format; the reason is for a person to read.
    case malformed(String)
    /// A field's header lines are longer than ``MultipartFormLimits/headerBytes``.
    case headerTooLong
    /// There are more fields than ``MultipartFormLimits/fields``.
    case tooManyFields
    /// The body ended before the form did.
    case incomplete
}
