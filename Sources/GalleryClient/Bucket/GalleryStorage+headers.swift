import NIOHTTP1

extension GalleryStorage {
    /// The header fields that a save sends.
    func saveHeaders(_ name: String, _ options: SaveOptions) throws(StorageError) -> HTTPHeaders {
        let type = options.contentType ?? MediaType.of(name)
        var headers: HTTPHeaders = ["Content-Type": type]
        let fields = [
            ("Cache-Control", options.cacheControl ?? configuration.cacheControl),
            (
                "Content-Disposition",
                options.contentDisposition ?? configuration.contentDisposition
            ),
            ("x-amz-acl", options.acl ?? configuration.defaultACL),
            ("x-amz-storage-class", configuration.storageClass),
            ("Content-Encoding", isCompressed(type) ? "gzip" : nil),
        ]
        for case (let field, let value?) in fields { headers.add(name: field, value: value) }
        for (name, value) in options.metadata.sorted(by: { $0.key < $1.key }) {
            headers.add(name: "x-amz-meta-\(name)", value: value)
        }
        for (field, value) in headers where !Self.isName(field) || !HeaderText.isPlain(value) {
            throw StorageError(
                .refused,
                message: "\(MediaName.quoted(field)) cannot be \(MediaName.quoted(value)).",
                advice:
                    "S3 keeps printable ASCII alone; encode other text, for example in percent-encoding."
            )
        }
        return headers
    }

    private func isCompressed(_ type: String) -> Bool {
        let bare = type.prefix { $0 != ";" && $0 != " " }.lowercased()
        return configuration.gzips && configuration.gzipTypes.contains(bare)
    }

    /// Whether it is a token of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2), in ASCII.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
