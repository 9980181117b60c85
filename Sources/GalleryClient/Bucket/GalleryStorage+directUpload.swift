import NIOHTTP1
import S3Client
import Signing

extension GalleryStorage {
    /// What a browser needs to upload a file by itself, past the application.
    ///
    /// Unless the configuration overwrites, the file gets a name that nobody else has: two browsers that upload one
    /// name at once must not meet. The bucket's CORS rules must allow the page's origin.
    ///
    /// A form limits the size and the media type, and is answered with 201 and a document that names the file. A PUT
    /// limits the media type alone: its size cannot be limited.
    ///
    /// [Browser-based uploads](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html)
    ///
    /// - Throws: ``StorageError``.
    public func directUpload(
        named name: String,
        options: DirectUploadOptions
    ) async throws -> DirectUpload {
        _ = try key(name)
        let name =
            configuration.overwrites
            ? name : try MediaName.alternative(to: name, prefix: prefix, random: random)
        let seconds = try lifetime(options.expires)
        var save = SaveOptions(contentType: options.contentType)
        save.policy = .overwrite
        // What a browser sends is stored as it comes.
        let headers = try saveHeaders(name, save).filter { $0.name != "Content-Encoding" }
        return switch options.form {
        case .put: try await put(name, headers.map(DirectUpload.Field.init), seconds)
        case .post: try await post(name, headers.map(DirectUpload.Field.init), options, seconds)
        }
    }

    private func put(
        _ name: String,
        _ headers: [DirectUpload.Field],
        _ seconds: Int
    ) async throws -> DirectUpload {
        let key = try key(name)
        let url = try await StorageError.translating {
            try await signer.resolveCredentials()
            return try signer.presign(
                .PUT,
                bucket: bucket,
                key: key,
                headers: HTTPHeaders(headers.map { ($0.name, $0.value) }),
                expires: seconds
            )
        }
        return DirectUpload(method: "PUT", url: url, fields: [], headers: headers, name: name)
    }

    private func post(
        _ name: String,
        _ headers: [DirectUpload.Field],
        _ options: DirectUploadOptions,
        _ seconds: Int
    ) async throws -> DirectUpload {
        guard options.size.lowerBound >= 0 else {
            throw StorageError(.refused, message: "A file cannot have fewer than no bytes.")
        }
        let key = try key(name)
        let fields =
            [DirectUpload.Field(name: "key", value: key)] + headers.map(Self.formField)
            + [DirectUpload.Field(name: "success_action_status", value: "201")]
        let conditions = fields.map {
            PostPolicy.Condition.equals(field: $0.name, value: $0.value)
        }
        let form = try await StorageError.translating {
            try await signer.signForm(
                bucket: bucket,
                conditions: conditions + [.contentLength(options.size)],
                expires: seconds
            )
        }
        let signature = form.fields.map { DirectUpload.Field(name: $0.name, value: $0.value) }
        return DirectUpload(
            method: "POST",
            url: form.url,
            fields: fields + signature,
            headers: [],
            name: name
        )
    }

    /// A form names the ACL otherwise than a header does.
    private static func formField(_ header: DirectUpload.Field) -> DirectUpload.Field {
        header.name == "x-amz-acl"
            ? DirectUpload.Field(name: "acl", value: header.value) : header
    }
}
