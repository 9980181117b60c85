import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import S3Service
import Signing
import Synchronization

/// An upload form as a browser would send it.
struct UploadForm: Sendable {
    /// The fields before the file, in order.
    var fields: [(name: String, value: String)]
    /// The file's name; `nil` sends the field `file` as text.
    var fileName: String? = "cat.jpg"
    var content = Array("meow".utf8)
    /// Whether there is a file at all.
    var hasFile = true
    /// The fields after the file.
    var after: [(name: String, value: String)] = []
    /// Whether the last boundary is sent.
    var isComplete = true

    /// An unsigned form.
    init(key: String? = "cat.jpg", _ fields: KeyValuePairs<String, String> = [:]) {
        self.fields = key.map { [("key", $0)] } ?? []
        self.fields += fields.map { ($0.key, $0.value) }
    }

    /// The form with a policy of version 4 that names all of its fields.
    func signed(
        by credential: Credential = TestS3.root,
        at time: Timestamp = TestS3.start,
        also more: [PostPolicy.Condition] = [],
        bucket: String = "photos"
    ) -> UploadForm {
        let named = fields.map { field in
            let end = field.value.firstRange(of: "${filename}")?.lowerBound
            return end.map {
                PostPolicy.Condition.startsWith(
                    field: field.name,
                    prefix: String(field.value[..<$0])
                )
            } ?? .equals(field: field.name, value: field.value)
        }
        let policy = PostPolicy(
            conditions: [.equals(field: "bucket", value: bucket)] + named + more,
            expiration: time.advanced(bySeconds: 3600)
        )
        var form = self
        form.fields += policy.sign(by: credential, region: "us-east-1", at: time)
        return form
    }

    /// The form with a policy of version 2, given as its conditions in JSON.
    func signed(
        conditions: String,
        expiration: String = "2023-11-14T23:00:00Z"
    ) -> UploadForm {
        signed(policy: #"{"expiration": "\#(expiration)", "conditions": [\#(conditions)]}"#)
    }

    /// The form with any policy, signed by version 2.
    func signed(policy: String) -> UploadForm {
        let policy = Base64.encode(Array(policy.utf8))
        let secret = Array(TestS3.root.secret.revealed().utf8)
        var form = self
        form.fields += [
            ("AWSAccessKeyId", TestS3.root.accessKey), ("policy", policy),
            ("signature", Base64.encode(HMAC.sha1(key: secret, policy.utf8))),
        ]
        return form
    }

    /// The body, with the boundary `X`.
    var body: [UInt8] {
        var bytes: [UInt8] = []
        for field in fields { bytes += Self.part(field) }
        if hasFile { bytes += file }
        for field in after { bytes += Self.part(field) }
        return bytes + Array((isComplete ? "--X--\r\n" : "").utf8)
    }

    private var file: [UInt8] {
        let name = fileName.map { "; filename=\"\($0)\"\r\nContent-Type: image/png" } ?? ""
        let head = "--X\r\nContent-Disposition: form-data; name=\"file\"\(name)\r\n\r\n"
        return Array(head.utf8) + content + Array("\r\n".utf8)
    }

    private static func part(_ field: (name: String, value: String)) -> [UInt8] {
        let head = "--X\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n"
        return Array((head + field.value + "\r\n").utf8)
    }
}

extension TestS3 {
    /// Sends a form to a bucket.
    func post(
        _ form: UploadForm,
        to target: String = "/photos",
        host: String = "127.0.0.1:9000",
        headers: HTTPHeaders = [:],
        isSecure: Bool = false
    ) async -> Reply {
        await post(form.body, to: target, host: host, headers: headers, isSecure: isSecure)
    }

    /// Sends a body as a form, in pieces of some bytes.
    func post(
        _ body: [UInt8],
        to target: String = "/photos",
        host: String = "127.0.0.1:9000",
        contentType: String? = "multipart/form-data; boundary=X",
        headers: HTTPHeaders = [:],
        isSecure: Bool = false,
        pieceSize: Int = 1 << 20
    ) async -> Reply {
        let rest = Mutex(body[...])
        let pieces = HTTPBody(length: body.count) {
            rest.withLock { rest in
                guard !rest.isEmpty else { return nil }
                defer { rest = rest.dropFirst(pieceSize) }
                return ByteBuffer(bytes: rest.prefix(pieceSize))
            }
        }
        return await post(
            pieces,
            to: target,
            host: host,
            contentType: contentType,
            headers: headers,
            isSecure: isSecure
        )
    }

    func post(
        _ body: HTTPBody,
        to target: String = "/photos",
        host: String = "127.0.0.1:9000",
        contentType: String? = "multipart/form-data; boundary=X",
        headers: HTTPHeaders = [:],
        isSecure: Bool = false
    ) async -> Reply {
        var headers = headers
        headers.replaceOrAdd(name: "host", value: host)
        if let contentType { headers.replaceOrAdd(name: "content-type", value: contentType) }
        return await raw(
            HTTPRequest(
                method: .POST,
                target: target,
                headers: headers,
                body: body,
                isSecure: isSecure
            )
        )
    }
}
