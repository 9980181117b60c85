import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol

extension GalleryStorage {
    /// Stores a file: by one request where it is small, else in parts side by side.
    ///
    /// Under the policies ``SaveOptions/NamePolicy/unique`` and ``SaveOptions/NamePolicy/failIfExists`` the bucket is asked
    /// whether the name is taken, as Django does, and then told to write only where it is not (`If-None-Match: *`), which
    /// closes the gap between the two. Of a server that refuses the condition because it does not know it, only the
    /// question is asked. A long stream, whose bytes come once, fails where another writer takes its name meanwhile.
    ///
    /// - Returns: What was stored, under the name that was free.
    /// - Throws: ``StorageError``; `CancellationError`; nothing of a failed save stays.
    public func save(
        _ content: MediaSource,
        named name: String,
        options: SaveOptions
    ) async throws -> SavedFile {
        _ = try key(name)
        let headers = try saveHeaders(name, options)
        let isCompressed = headers.contains(name: "content-encoding")
        let body = try await UploadBody(
            content,
            compressing: isCompressed,
            gatheringUpTo: configuration.multipartThreshold
        )
        let upload = Upload(body: body, headers: headers, progress: options.progress)
        switch options.policy ?? (configuration.overwrites ? .overwrite : .unique) {
        case .overwrite: return try await send(upload, name, .none)
        case .failIfExists:
            guard try await isFree(name), let saved = try await claim(name, upload) else {
                throw StorageError.taken(name)
            }
            return saved
        case .unique: return try await saveUnique(upload, name)
        }
    }

    private struct Upload: Sendable {
        let body: UploadBody
        let headers: HTTPHeaders
        let progress: (@Sendable (Int64) -> Void)?
    }

    private func saveUnique(_ upload: Upload, _ name: String) async throws -> SavedFile {
        var candidate = name
        for _ in 0...MediaName.alternatives {
            if try await isFree(candidate) {
                if let saved = try await claim(candidate, upload) { return saved }
                guard upload.body.isReplayable else { throw Self.lostStream(candidate) }
            }
            candidate = try MediaName.alternative(to: name, prefix: prefix, random: random)
        }
        throw StorageError.noFreeName(name)
    }

    /// Whether a name seems free; where the key may not ask, the condition alone will tell.
    private func isFree(_ name: String) async throws -> Bool {
        do {
            return try await stat(name) == nil
        } catch let error as StorageError where error.code == "Forbidden" {
            return true
        }
    }

    /// Stores a file if its name is free; `nil` where it is not.
    private func claim(_ name: String, _ upload: Upload) async throws -> SavedFile? {
        do {
            return try await send(upload, name, .ifAbsent)
        } catch let error as StorageError where error.kind == .alreadyExists {
            return nil
        } catch let error as StorageError where error.isIgnoranceOfConditions {
            guard upload.body.isReplayable else { throw error }
            // Without conditions the question must have been answered.
            guard try await stat(name) == nil else { return nil }
            return try await send(upload, name, .none)
        }
    }

    private func send(
        _ upload: Upload,
        _ name: String,
        _ condition: WriteCondition
    ) async throws -> SavedFile {
        let key = try key(name)
        let options = UploadOptions(
            headers: upload.headers,
            condition: condition,
            threshold: configuration.multipartThreshold,
            partBytes: configuration.partSize,
            progress: upload.progress
        )
        let result = try await StorageError.translating {
            try await client.upload(
                bucket: bucket,
                key: key,
                body: upload.body.content,
                options: options
            )
        }
        return SavedFile(name, result)
    }

    private static func lostStream(_ name: String) -> StorageError {
        StorageError(
            .alreadyExists,
            message: "Another writer took \(MediaName.quoted(name)) while the stream was stored.",
            advice: "Save it again, from its beginning."
        )
    }
}

extension SavedFile {
    init(_ name: String, _ result: PutResult) {
        self.init(
            name: name,
            etag: result.etag,
            size: result.size,
            checksum: result.checksum.map { "\($0.algorithm.rawValue):\($0.value)" }
        )
    }
}

extension StorageError {
    /// Whether the server refused a write because it has no conditional writes.
    fileprivate var isIgnoranceOfConditions: Bool {
        kind == .unsupported
            || kind == .refused && ["NotImplemented", "InvalidArgument", "400"].contains(code)
    }
}
