import NIOHTTP1
import S3Protocol

/// An object that was not removed.
public struct DeleteFailure: Sendable, Hashable {
    /// Its key.
    public let key: String
    /// S3's code, such as `AccessDenied`.
    public let code: String
    /// What happened, for a person.
    public let message: String
}

extension S3Client {
    /// Removes objects, 1,000 with a request; those that are not there are no error.
    ///
    /// - Returns: Those that are still there, and why.
    /// - Throws: ``S3ClientError`` where a request failed as a whole.
    ///
    /// [DeleteObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)
    public func deleteObjects(bucket: String, keys: [String]) async throws -> [DeleteFailure] {
        var failures: [DeleteFailure] = []
        // A document cannot hold every character that a key can.
        for key in keys where !key.fitsXML { try await deleteObject(bucket: bucket, key: key) }
        let others = keys.filter(\.fitsXML)
        for start in stride(from: 0, to: others.count, by: Limits.deletedKeys) {
            let page = others[start..<min(start + Limits.deletedKeys, others.count)]
            failures += try await deletePage(bucket, page)
        }
        return failures
    }

    private func deletePage(
        _ bucket: String,
        _ keys: ArraySlice<String>
    ) async throws -> [DeleteFailure] {
        var call = Call(operation: "DeleteObjects", method: .POST, bucket: bucket)
        call.query = [("delete", nil)]
        call.headers = ["Content-Type": "application/xml"]
        call.checksum = checksum
        call.body = .bytes(
            XMLWriter.document("Delete") { document in
                for key in keys { document.element("Object") { $0.element("Key", key) } }
                document.element("Quiet", true)
            }
        )
        let document = try await send(call) { try await $0.document("DeleteResult", of: call) }
        return document.all("Error").map { error in
            DeleteFailure(
                key: error["Key"]?.text ?? "",
                code: error.word("Code") ?? "",
                message: error.word("Message") ?? ""
            )
        }
    }
}

extension String {
    /// Whether XML 1.0 has all of its characters.
    fileprivate var fitsXML: Bool {
        unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value < 0xFFFE || scalar.value > 0xFFFF
                || [0x09, 0x0A, 0x0D].contains(scalar.value)
        }
    }
}
