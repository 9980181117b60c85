import HTTPMessage
import Logging
import NIOCore
import S3Protocol

extension S3Client {
    /// Stores an object of any size: by one request where it is small, else in parts that are sent side by side.
    ///
    /// Of a stream, as many parts are held in memory as are sent at the same time. An upload in parts that fails
    /// or is cancelled is aborted: nothing of it stays.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - body: The bytes; a stream may have any length.
    ///   - options: How.
    /// - Returns: What was stored.
    /// - Throws: ``S3ClientError``, ``S3ClientError/isConditionFailed`` where the condition does not hold; what a
    ///   stream throws; `CancellationError`.
    public func upload(
        bucket: String,
        key: String,
        body: RequestBody,
        options: UploadOptions = UploadOptions()
    ) async throws -> PutResult {
        let partBytes = try options.partBytes(for: body.length)
        var parts = PartSource(body, partBytes: partBytes, threshold: options.threshold)
        let first = try await parts.next() ?? .empty
        if parts.isAtEnd {
            let result = try await putObject(
                bucket: bucket,
                key: key,
                body: first,
                headers: options.headers,
                condition: options.condition
            )
            options.progress?(result.size)
            return result
        }
        let upload = try await createMultipartUpload(
            bucket: bucket,
            key: key,
            headers: options.headers
        )
        do {
            let stored = try await send(first, then: parts, of: upload, options)
            return try await completeMultipartUpload(
                upload,
                parts: stored,
                condition: options.condition
            )
        } catch {
            await abort(upload)
            throw error
        }
    }

    /// Sends all parts, some of them at the same time.
    private func send(
        _ first: RequestBody,
        then rest: PartSource,
        of upload: MultipartUpload,
        _ options: UploadOptions
    ) async throws -> [UploadedPart] {
        try await withThrowingTaskGroup(of: UploadedPart.self) { tasks in
            let allowed =
                rest.isStream ? UploadOptions.parallelStreamParts : options.parallelParts
            let parallel = max(min(options.parallelParts, allowed), 1)
            var source = rest
            var next: RequestBody? = first
            var stored: [UploadedPart] = []
            var number = 0
            var bytes: Int64 = 0
            while true {
                // The next part is read only when it can be sent, so that it does not wait in memory.
                let isFree = number - stored.count < parallel
                if next == nil, isFree { next = try await source.next() }
                if isFree, let body = next {
                    next = nil
                    number += 1
                    try checkNumber(number)
                    tasks.addTask { [number] in
                        try await uploadPart(upload, number: number, body: body)
                    }
                } else if let part = try await tasks.next() {
                    stored.append(part)
                    bytes += part.size
                    options.progress?(bytes)
                } else {
                    return stored
                }
            }
        }
    }

    private func checkNumber(_ number: Int) throws(S3ClientError) {
        guard number > Limits.parts else { return }
        throw S3ClientError(
            .configuration,
            operation: "UploadPart",
            code: "EntityTooLarge",
            message: "The stream has more than \(Limits.parts) parts.",
            advice: "Tell its length, or choose larger parts."
        )
    }

    /// Aborts also where the task was cancelled, which would cancel the request: by a task that is nobody's child.
    private func abort(_ upload: MultipartUpload) async {
        let client = self
        let task = Task { try await client.abortMultipartUpload(upload) }
        if case .failure(let error) = await task.result {
            logger.warning(
                "An upload in parts could not be aborted",
                metadata: ["bucket": "\(upload.bucket)", "failure": "\(error)"]
            )
        }
    }
}
