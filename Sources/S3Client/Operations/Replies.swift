import NIOHTTP1
import S3Protocol

/// Bytes of a reply's document: a page of 1,000 keys of 1,024 bytes, each byte spelled with three, has 4 MiB.
private let documentLimit = 16 << 20

extension TransportResponse {
    /// Reads what is left, so that the connection can be used again.
    func discard() async throws { _ = try await body.collect(upTo: documentLimit) }

    /// The document of a reply.
    ///
    /// - Throws: ``Failure`` where it is one of an error, whatever the status: Copy and Complete are answered
    ///   before they are done.
    func document(_ root: String, of call: Call) async throws -> XMLElement {
        let bytes = try await body.collect(upTo: documentLimit)
        // AWS's SDKs do not look at the root's name, so other servers get away with theirs: moto says
        // Response for Result, rclone neither.
        let stem = root.dropLast("Result".count)
        let names = [root, "\(stem)Response", String(stem)]
        for name in names {
            if let element = try? XMLElement.parse(bytes, root: name) { return element }
        }
        if (try? XMLElement.parse(bytes, root: "Error")) != nil {
            throw Failure(status, headers, bytes, of: call)
        }
        throw S3ClientError.unexpected("is no document \(root)")
    }
}

extension XMLElement {
    /// The text of a child, without white space around it.
    func word(_ name: String) -> String? { self[name]?.trimmed }

    /// A key or prefix of a listing, decoded where the listing is encoded.
    func key(_ name: String, isEncoded: Bool) throws(S3ClientError) -> String {
        let text = self[name]?.text ?? ""
        guard isEncoded else { return text }
        // Some servers encode a space as a plus, as forms do; a plus itself is always %2B.
        guard let key = PercentCoding.decode(text, plusIsSpace: true) else {
            throw .unexpected("has a key that is not encoded as it says")
        }
        return key
    }
}

extension HTTPHeaders {
    /// The fields as they were given.
    ///
    /// - Throws: ``S3ClientError`` where a value would end its line and begin another field.
    func checked() throws(S3ClientError) -> HTTPHeaders {
        for (name, value) in self {
            let isPlain = !value.utf8.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
            guard isPlain, !name.isEmpty,
                name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A })
            else {
                throw S3ClientError(
                    .configuration,
                    message: "“\(name)” cannot be a header field with this value.",
                    advice: "Control characters and line ends have no place in it."
                )
            }
        }
        return self
    }
}
