import HTTPMessage
import Hummingbird
import NIOCore

/// A form with a title and an image, read while it arrives; the image goes to a file on the way.
struct UploadForm: Sendable {
    var title = ""
    var image: ReceivedImage?

    /// The largest image that is taken, in bytes: 25 MB, what a good camera makes.
    static let maximumImageBytes = 25 * 1024 * 1024
    /// The longest field beside the image, in bytes: a title that is too long must still be shown again.
    static let maximumFieldBytes = 8 * 1024
    /// The most fields: three are asked for.
    static let maximumFields = 16

    /// An image as it came, before anybody has looked at it.
    struct ReceivedImage: Sendable {
        let fileName: String
        let file: TemporaryFile
        let isTooLarge: Bool
    }

    /// Reads a form.
    ///
    /// Its token must come before its files, so that nothing of a forged form is stored.
    ///
    /// - Throws: `HTTPError` where it is no such form, or another site sent it.
    init(_ request: Request, from session: Session, temporaryFolder: String) async throws {
        var reader = try Self.reader(of: request)
        var field = Field.none
        var token: String?
        do {
            for try await piece in request.body {
                reader.feed(piece)
                while let event = try reader.next() {
                    switch event {
                    case .field(let begun) where begun.fileName != nil:
                        try session.token.require(formToken: token)
                        field = try .file(ReceivingFile(begun, in: temporaryFolder))
                    case .field(let begun): field = .text(name: begun.name, ByteBuffer())
                    case .bytes(let bytes): try field.take(bytes)
                    case .fieldEnd: try end(field, &token)
                    case .formEnd: break
                    }
                }
            }
            try reader.finish()
        } catch let error as MultipartFormError {
            throw HTTPError(.badRequest, message: "The form cannot be read: \(error).")
        }
        try session.token.require(formToken: token)
    }

    private static func reader(of request: Request) throws -> MultipartFormReader {
        var limits = MultipartFormLimits()
        limits.fields = maximumFields
        do {
            return try MultipartFormReader(
                contentType: request.headers[.contentType] ?? "",
                limits: limits
            )
        } catch {
            throw HTTPError(
                .unsupportedMediaType,
                message: "This is not the form that was asked for."
            )
        }
    }

    private mutating func end(_ field: Field, _ token: inout String?) throws {
        switch field {
        case .text(let name, let bytes):
            guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
                throw HTTPError(.badRequest, message: "The form is not UTF-8.")
            }
            if name == "csrf" { token = text }
            if name == "title" { title = text }
        case .file(let received):
            // A browser sends a file without a name where none was chosen.
            let isChosen = !received.fileName.isEmpty || received.file.size > 0
            if received.field == "image", isChosen { image = received.image }
        case .none: break
        }
    }
}

/// The field that is being read.
private enum Field {
    case none
    case text(name: String, ByteBuffer)
    case file(ReceivingFile)

    mutating func take(_ bytes: ByteBuffer) throws {
        switch self {
        case .none: break
        case .text(let name, var text):
            guard text.readableBytes + bytes.readableBytes <= UploadForm.maximumFieldBytes else {
                throw HTTPError(.contentTooLarge, message: "A field of the form is too long.")
            }
            text.writeImmutableBuffer(bytes)
            self = .text(name: name, text)
        case .file(var file):
            try file.take(bytes)
            self = .file(file)
        }
    }
}

/// A file that is being read; what is beyond the limit is let go.
private struct ReceivingFile {
    let field: String
    let fileName: String
    let file: TemporaryFile
    private var isTooLarge = false

    init(_ field: MultipartFormField, in folder: String) throws {
        self.field = field.name
        fileName = field.baseName ?? ""
        file = try TemporaryFile(in: folder)
    }

    mutating func take(_ bytes: ByteBuffer) throws {
        isTooLarge = isTooLarge || file.size + bytes.readableBytes > UploadForm.maximumImageBytes
        if !isTooLarge { try file.write(bytes) }
    }

    var image: UploadForm.ReceivedImage {
        UploadForm.ReceivedImage(fileName: fileName, file: file, isTooLarge: isTooLarge)
    }
}
