// A release has no way into the modules.
#if DEBUG
import Digests
import HTTPMessage
@testable import HTTPServer
import NIOCore
import NIOEmbedded
import NIOHTTP1
import ObjectStore
@testable import S3Protocol
@testable import S3Service
import Signing

/// The parsers of requests.
extension Parser {
    /// A request as it comes from a socket, through NIO's parser and the check against smuggling.
    static let head = Parser("head") { bytes in
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        )
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            guard case .head(let head) = part else { continue }
            _ = try CheckedHead(head)
        }
    }

    /// A target on the first line, the host, a copy's source, tags, a range and a date on the next.
    static let target = Parser("target") { bytes in
        let lines = Self.lines(bytes, upTo: 6)
        let names = ["Host", "x-amz-copy-source", "x-amz-tagging", "Range", "If-Modified-Since"]
        let headers = HTTPHeaders(zip(names, lines.dropFirst()).map { ($0, $1) })
        let http = HTTPRequest(method: .GET, target: lines.first ?? "", headers: headers)
        let request = try S3Request(http, addressing: addressing)
        precondition(request.key.utf8.count <= Limits.keyBytes)
        _ = try? router.operation(for: request)
        _ = try? CopySource(request)
        _ = try? Tags(header: request)
        _ = try? ObjectFields.overrides(request.query)
        _ = try? ListParameters(request)
        _ = ETagMatch(request.header("Range") ?? "").matches("a")
        if let range = ByteRange.parse(request.header("Range") ?? "") {
            let part = try range.resolve(size: 1000)
            precondition(part.lowerBound >= 0 && part.upperBound <= 1000 && !part.isEmpty)
        }
    }

    /// A target on the first line, `Authorization` on the second, and other fields on the next ones.
    static let authorization = Parser("authorization") { bytes in
        let lines = Self.lines(bytes, upTo: 24)
        var headers: HTTPHeaders = [
            "Host": "localhost:9000", "Authorization": lines.dropFirst().first ?? "",
        ]
        for line in lines.dropFirst(2) {
            let parts = line.split(separator: ":", maxSplits: 1)
            // NIO hands on no other names.
            guard parts.count == 2, parts[0].utf8.allSatisfy({ $0 < 0x80 }) else { continue }
            headers.add(name: String(parts[0]), value: String(parts[1]))
        }
        try verify(SignableRequest(method: "GET", target: lines.first ?? "", headers: headers))
    }

    /// The query of a presigned URL.
    static let presigned = Parser("presigned") { bytes in
        let target = "/photos/cat.jpg?" + String(decoding: bytes, as: UTF8.self)
        try verify(
            SignableRequest(method: "GET", target: target, headers: ["Host": "localhost:9000"])
        )
    }

    /// A body in `aws-chunked` frames; the first byte says how its pieces are cut.
    static let chunks = Parser("chunks") { bytes in
        let step = max(1, Int(bytes.first ?? 1))
        var payload = try ChunkedPayload(
            .streamingUnsignedTrailer,
            chunkSigning: nil,
            decodedLength: nil
        )
        var taken = 0
        for start in stride(from: 1, to: bytes.count, by: step) {
            var piece = ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)])
            while let body = try payload.read(&piece) { taken += body.readableBytes }
        }
        _ = try payload.finish()
        precondition(taken == payload.count)
    }

    /// A form; the first byte says how its pieces are cut.
    static let form = Parser("form") { bytes in
        let step = max(1, Int(bytes.first ?? 1))
        var reader = try MultipartFormReader(contentType: "multipart/form-data; boundary=x")
        var fields = PostFormFields()
        var name = ""
        var value: [UInt8] = []
        for start in stride(from: 1, to: bytes.count, by: step) {
            reader.feed(ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)]))
            while let event = try reader.next() {
                switch event {
                case .field(let field): name = field.name
                case .bytes(let bytes): value += Array(bytes.readableBytesView)
                case .fieldEnd:
                    try fields.add(name, String(decoding: value, as: UTF8.self))
                    value = []
                case .formEnd: break
                }
            }
        }
        try reader.finish()
        fields.replaceFileName(by: "cat.jpg")
    }

    /// The policy of a form, before it is encoded.
    static let formPolicy = Parser("form-policy") { bytes in
        let policy = try PostPolicyDocument(base64: Base64.encode(bytes))
        var fields = PostFormFields()
        try fields.add("key", "cat.jpg")
        _ = try policy.check(fields, bucket: "photos", at: now)
    }

    private static let now = Timestamp(seconds: 1_773_500_966)
    private static let addressing = Addressing(domains: ["s3.localhost", "localhost"])
    private static let router = Router(operations)
    private static let verifier = Verifier(region: "us-east-1", time: ManualTime(now))

    private static func verify(_ request: SignableRequest) throws {
        _ = try verifier.verify(request) { accessKey in
            Credential(accessKey: accessKey, secret: Secret("secret"))
        }
    }

    private static func lines(_ bytes: [UInt8], upTo count: Int) -> [String] {
        bytes.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: count - 1,
            omittingEmptySubsequences: false
        )
        .map { String(decoding: $0, as: UTF8.self) }
    }
}
#endif
