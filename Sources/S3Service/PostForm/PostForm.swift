import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import Signing

/// An upload by a form, read up to the first byte of its file.
///
/// [POST Object](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html)
struct PostForm: Sendable {
    /// The fields before the file, with the file's name put in where they ask for it.
    let fields: PostFormFields
    /// The request that would put the same object: its key and its headers are the form's fields.
    let request: S3Request
    /// The content of the field `file`; it ends only where the rest of the form is in order.
    let file: HTTPBody

    /// Reads a form up to its file.
    ///
    /// - Throws: ``S3Error`` with `PreconditionFailed` for a body that is no form,
    ///   `MalformedPOSTRequest`, `MaxPostPreDataLengthExceeded`, and `InvalidArgument` for a field
    ///   that is missing or cannot be used.
    init(_ request: S3Request) async throws {
        let form = try Self.form(of: request)
        var fields = PostFormFields()
        let file = try await Self.readFields(of: form, into: &fields)
        fields.replaceFileName(by: file.baseName)
        guard let key = fields["key"] else { throw S3Error.missingField("key") }
        guard !key.isEmpty else {
            throw S3Error.invalidField("key", "", "User key must have a length greater than 0.")
        }
        self.fields = fields
        self.request = try S3Request(request, key: key, headers: try Self.headers(fields, request))
        self.file = Self.content(of: form, before: form.position)
    }

    private var isSigned: Bool {
        fields["signature"] != nil || fields["x-amz-signature"] != nil
    }

    /// Holds the form to its own policy, and answers the sizes that its file may have.
    ///
    /// - Throws: ``S3Error`` as ``PostPolicyDocument`` does.
    func allowedSizes(at now: Timestamp) throws(S3Error) -> ContentLengthRange {
        // Who does not sign need not say what is allowed either: the bucket's policy does.
        guard isSigned || fields["policy"] != nil else { return ContentLengthRange() }
        let policy = try PostPolicyDocument(base64: fields["policy"] ?? "")
        return try policy.check(fields, bucket: request.bucket, at: now)
    }

    /// The field that holds the file, whatever else has a file's name.
    private static let fileField = "file"

    /// - Throws: ``S3Error``: 412 for another content type is what S3 answers, whatever its table of
    ///   errors says.
    private static func form(of request: S3Request) throws(S3Error) -> MultipartForm {
        let contentType = request.header("content-type") ?? ""
        let type = contentType.prefix { $0 != ";" }.trimmingSpaces.lowercased()
        guard type == "multipart/form-data" else {
            throw S3Error(
                .preconditionFailed,
                details: [
                    .init(
                        "Condition",
                        "Bucket POST must be of the enclosure-type multipart/form-data"
                    )
                ]
            )
        }
        do {
            return try MultipartForm(request.http.body, contentType: contentType)
        } catch {
            throw .malformedForm(error)
        }
    }

    /// Reads the fields up to the file, and answers how the file is named.
    private static func readFields(
        of form: MultipartForm,
        into fields: inout PostFormFields
    ) async throws -> MultipartFormField {
        while let field = try await reading({ try await form.nextField() }) {
            let left = Limits.formFieldBytes - form.position
            guard left >= 0 else { throw tooLarge }
            guard field.name.lowercased() != fileField else { return field }
            guard let value = try await reading({ try await form.text(limit: left) }) else {
                throw tooLarge
            }
            try fields.add(field.name, value)
        }
        throw S3Error.fileCount(0)
    }

    private static let tooLarge = S3Error(
        .maxPostPreDataLengthExceeded,
        details: [.init("MaxPostPreDataLengthBytes", String(Limits.formFieldBytes))]
    )

    /// The file's bytes, and behind them a look at the rest of the form: its fields count for nothing,
    /// but there must be an end, and no other file.
    private static func content(of form: MultipartForm, before start: Int) -> HTTPBody {
        HTTPBody(length: nil) {
            try await reading {
                if let bytes = try await form.nextBytes() { return bytes }
                let end = form.position
                while let field = try await form.nextField() {
                    guard field.name.lowercased() != fileField else { throw S3Error.fileCount(2) }
                    repeat {
                        guard form.position - end + start <= Limits.formFieldBytes else {
                            throw tooLarge
                        }
                    } while try await form.nextBytes() != nil
                }
                return nil
            }
        }
    }

    /// Tells a form's own errors as S3 tells them; those of the connection are for the payload to tell.
    private static func reading<Result>(
        _ read: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await read()
        } catch let error as MultipartFormError {
            throw S3Error.malformedForm(error)
        }
    }
}

// MARK: Fields as headers

extension PostForm {
    /// The fields that mean what a header of the same name means to a PUT.
    private static let headerNames: Set = [
        "cache-control", "content-disposition", "content-encoding", "content-language",
        "content-md5", "content-type", "expires", "redirect", "success_action_redirect",
        "success_action_status", "tagging",
    ]
    /// The headers of the request itself that conditions and logs ask for; no field of a form becomes one of them.
    private static let kept = ["host", "referer", "user-agent"]
    /// The fields whose header has another name.
    private static let renamed = ["acl": "x-amz-acl"]
    /// The fields that only sign.
    private static let signing: Set = [
        "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token",
        "x-amz-signature",
    ]

    /// - Throws: ``S3Error`` with `InvalidArgument` for a name or a value that no header could have:
    ///   it would be sent as one when the object is read.
    private static func headers(
        _ fields: PostFormFields,
        _ request: S3Request
    ) throws(S3Error) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for name in kept {
            for value in request.headers[name] { headers.add(name: name, value: value) }
        }
        for name in fields.lowercasedNames {
            guard let header = header(of: name), let value = fields[name] else { continue }
            guard header.utf8.allSatisfy(isTokenCharacter), ObjectFields.isHeaderValue(value) else {
                throw .invalidField(
                    fields.spelling(of: name),
                    value,
                    "Header value cannot be represented using ISO-8859-1."
                )
            }
            // A form's fields are text, and S3 knows its characters beyond ASCII.
            let isUser = header.hasPrefix(ObjectFields.userPrefix)
            headers.add(name: header, value: isUser ? EncodedWords.encode(value) : value)
        }
        return headers
    }

    private static func header(of field: String) -> String? {
        if let name = renamed[field] { return name }
        guard !signing.contains(field) else { return nil }
        return headerNames.contains(field) || field.hasPrefix("x-amz-") ? field : nil
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension S3Error {
    fileprivate static func malformedForm(_ error: MultipartFormError) -> S3Error {
        let reason =
            switch error {
            case .notAForm: "the content type names no boundary"
            case .malformed(let reason): reason
            case .headerTooLong: "a field's header is too long"
            case .tooManyFields: "there are too many fields"
            case .incomplete: "the body ends before the form does"
            }
        return S3Error(.malformedPOSTRequest, details: [.init("Hint", reason)])
    }

    /// S3 answers this, and not the `IncorrectNumberOfFilesInPostRequest` of its table of errors.
    fileprivate static func fileCount(_ count: Int) -> S3Error {
        invalidField(
            "file",
            String(count),
            "POST requires exactly one file upload per request."
        )
    }
}
