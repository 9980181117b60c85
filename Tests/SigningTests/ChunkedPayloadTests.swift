import NIOCore
import NIOHTTP1
import S3Protocol
import Signing
import Testing

@Suite struct ChunkedPayloadTests {
    // The examples of <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>
    // and <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>: 65 KiB of the letter a.
    static let letters = String(repeating: "a", count: 66_560)
    static let signed = """
        10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r
        \(String(repeating: "a", count: 65_536))\r
        400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r
        \(String(repeating: "a", count: 1024))\r
        0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r
        \r\n
        """
    static let signedWithTrailer = """
        10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r
        \(String(repeating: "a", count: 65_536))\r
        400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r
        \(String(repeating: "a", count: 1024))\r
        0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n
        """
    static let trailer = """
        x-amz-checksum-crc32c:sOO8/Q==\r
        x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n
        """

    @Test func `AWS's signed example is read`() throws {
        let upload = try Upload.published(.streamingSigned)
        let read = try upload.read(Self.signed)
        #expect(read.body == Self.letters)
        #expect(read.trailers.isEmpty)
    }

    @Test(arguments: [trailer, trailer + "\r\n", "\r\n" + trailer + "\r\n"])
    func `AWS's example with a signed trailer is read, with line ends as clients differ`(
        end: String
    ) throws {
        let upload = try Upload.published(.streamingSignedTrailer)
        let read = try upload.read(Self.signedWithTrailer + end)
        #expect(read.body == Self.letters)
        #expect(read.trailers == ["x-amz-checksum-crc32c": "sOO8/Q=="])
    }

    @Test(arguments: [
        "x-amz-checksum-crc32:s3SFCQ==\r\n\r\n", "x-amz-checksum-crc32:s3SFCQ==\n\r\n\r\n",
    ])
    func `unsigned chunks with a trailer are read, sizes in either case`(end: String) throws {
        let upload = Upload(.streamingUnsignedTrailer)
        let read = try upload.read("A\r\n0123456789\r\nb;x=y\r\n0123456789A\r\n0\r\n" + end)
        #expect(read.body == "01234567890123456789A")
        #expect(read.trailers == ["x-amz-checksum-crc32": "s3SFCQ=="])
    }

    @Test(arguments: [PayloadSigning.streamingSigned, .streamingUnsignedTrailer])
    func `an empty body is its last chunk alone`(payload: PayloadSigning) throws {
        let upload = Upload(payload)
        #expect(try upload.read(upload.write([])).body == "")
        let unsigned = Upload(.streamingUnsignedTrailer)
        #expect(try unsigned.read("0\r\n\r\n").trailers.isEmpty)
    }

    static let kinds: [PayloadSigning] = [
        .streamingSigned, .streamingSignedTrailer, .streamingUnsignedTrailer,
    ]

    @Test(arguments: kinds)
    func `what is written is read again, however it arrives`(payload: PayloadSigning) throws {
        let upload = Upload(payload)
        let frames = upload.write(["Hello, ", "chunked ", "world"], trailers: [("x-amz-a", "1")])
        for piece in [1, 2, 3, 7, 64, 1000] {
            let read = try upload.read(frames, inPiecesOf: piece, length: 20)
            #expect(read.body == "Hello, chunked world")
            #expect(read.trailers.isEmpty == (payload == .streamingSigned))
        }
    }

    @Test(arguments: kinds)
    func `a body that is cut anywhere never passes for less than the whole`(
        payload: PayloadSigning
    ) throws {
        let upload = Upload(payload)
        let frames = upload.write(["Hello, ", "world"], trailers: [("x-amz-a", "1")])
        let whole = try upload.read(frames)
        for length in 0..<frames.utf8.count {
            let cut = String(decoding: frames.utf8.prefix(length), as: UTF8.self)
            if let read = try? upload.read(cut) { #expect(read == whole, "cut at \(length)") }
        }
    }

    @Test(arguments: [PayloadSigning.streamingSigned, .streamingSignedTrailer])
    func `a signed body with any byte changed never passes for another`(
        payload: PayloadSigning
    ) throws {
        let upload = Upload(payload)
        let frames = Array(upload.write(["Hello, ", "world"], trailers: [("x-amz-a", "1")]).utf8)
        let whole = try upload.read(String(decoding: frames, as: UTF8.self))
        for index in frames.indices {
            var changed = frames
            changed[index] ^= 1
            let read = try? upload.read(String(decoding: changed, as: UTF8.self))
            #expect(read == nil || read == whole, "changed at \(index)")
        }
    }

    @Test func `a chunk that is repeated, left out or moved does not verify`() throws {
        let upload = Upload(.streamingSigned)
        var writer = upload.writer
        let one = String(buffer: writer.chunk(ByteBuffer(string: "one")))
        let two = String(buffer: writer.chunk(ByteBuffer(string: "two")))
        let end = String(buffer: writer.end())
        #expect(try upload.read(one + two + end).body == "onetwo")
        for frames in [one + one + two + end, one + end, two + end, two + one + end, end] {
            #expect(upload.refusal(frames) == "SignatureDoesNotMatch")
        }
    }

    @Test func `a chunk of another request does not verify`() throws {
        let other = Upload(.streamingSigned, target: "/bucket/other")
        let frames = other.write(["Hello"])
        #expect(Upload(.streamingSigned).refusal(frames) == "SignatureDoesNotMatch")
    }

    @Test(arguments: [
        ("5\r\nHelloX\r\n0\r\n\r\n", "IncompleteBody"),
        ("5\nHello\r\n0\r\n\r\n", "IncompleteBody"),
        ("\r\n", "IncompleteBody"),
        ("5 \r\nHello\r\n0\r\n\r\n", "IncompleteBody"),
        ("-5\r\nHello\r\n0\r\n\r\n", "IncompleteBody"),
        ("0x5\r\nHello\r\n0\r\n\r\n", "IncompleteBody"),
        ("FFFFFFFFFFFFFFFFF\r\nHello", "IncompleteBody"),
        ("7FFFFFFFFFFFFFF\r\nHello", "IncompleteBody"),
        (String(repeating: "0", count: 2000), "IncompleteBody"),
        ("5;" + String(repeating: "x", count: 2000), "IncompleteBody"),
        ("5\r\nHello\r\n0\r\n\r\n\r\nGET / HTTP/1.1\r\n", "IncompleteBody"),
        ("0\r\nx-amz-a:1\r\n\r\nmore", "IncompleteBody"),
        ("0\r\nnonsense\r\n\r\n", "MalformedTrailerError"),
        ("0\r\n:1\r\n\r\n", "MalformedTrailerError"),
        ("0\r\n" + String(repeating: "a:1\r\n", count: 17) + "\r\n", "MalformedTrailerError"),
        ("0\r\na:" + String(repeating: "1", count: 2000), "IncompleteBody"),
    ])
    func `broken frames are refused`(frames: String, code: String) {
        #expect(Upload(.streamingUnsignedTrailer).refusal(frames) == code)
    }

    @Test func `signed chunks need their signatures`() {
        let upload = Upload(.streamingSigned)
        #expect(upload.refusal("5\r\nHello\r\n0\r\n\r\n") == "IncompleteBody")
        #expect(upload.refusal("0;chunk-signature=\r\n\r\n") == "SignatureDoesNotMatch")
    }

    @Test func `a signed body without trailers takes none`() {
        let upload = Upload(.streamingSigned)
        let frames = upload.write(["Hello"]).dropLast() + "x-amz-a:1\r\n\r\n"
        #expect(upload.refusal(String(frames)) == "MalformedTrailerError")
    }

    @Test(arguments: [4, 6, 0])
    func `a body of another length than was promised is refused`(length: Int) {
        let upload = Upload(.streamingSigned)
        #expect(upload.refusal(upload.write(["Hello"]), length: length) == "IncompleteBody")
    }

    @Test func `bodies that are not framed have no decoder`() {
        #expect(throws: S3Error(.invalidRequest)) {
            _ = try ChunkedPayload(.unsigned, chunkSigning: nil, decodedLength: nil)
        }
        #expect(throws: S3Error(.invalidRequest)) {
            _ = try ChunkedPayload(.streamingSigned, chunkSigning: nil, decodedLength: nil)
        }
    }
}

/// A request whose body comes in chunks, seen from both sides.
private struct Upload {
    struct Read: Equatable {
        var body = ""
        var trailers: [String: String] = [:]
    }

    let payload: PayloadSigning
    let signing: ChunkSigning

    init(_ payload: PayloadSigning, target: String = "/bucket/key") {
        let request = SignableRequest(method: "PUT", target: target, headers: ["Host": "localhost"])
        self.payload = payload
        signing =
            SignatureV4.sign(
                request,
                by: PublishedExampleTests.credential,
                region: "us-east-1",
                payload: payload,
                at: PublishedExampleTests.may24
            ).chunkSigning
    }

    private init(_ payload: PayloadSigning, _ signing: ChunkSigning) {
        self.payload = payload
        self.signing = signing
    }

    /// The head of AWS's example, verified: its signature is the published one.
    static func published(_ payload: PayloadSigning) throws -> Upload {
        let isSigned = payload == .streamingSigned
        var headers: HTTPHeaders = [
            "Host": "s3.amazonaws.com", "x-amz-date": "20130524T000000Z",
            "x-amz-storage-class": "REDUCED_REDUNDANCY", "Content-Encoding": "aws-chunked",
            "x-amz-decoded-content-length": "66560", "Content-Length": "66824",
        ]
        headers.add(name: "x-amz-content-sha256", value: payload.headerValue ?? "")
        if !isSigned { headers.add(name: "x-amz-trailer", value: "x-amz-checksum-crc32c") }
        let names =
            isSigned
            ? "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class"
            : "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer"
        let signature =
            isSigned
            ? "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
            : "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
        headers.add(
            name: "Authorization",
            value: """
                AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
                SignedHeaders=\(names),Signature=\(signature)
                """
        )
        let request = SignableRequest(
            method: "PUT",
            target: "/examplebucket/chunkObject.txt",
            headers: headers
        )
        let verifier = Verifier(
            region: "us-east-1",
            time: ManualTime(PublishedExampleTests.may24)
        )
        let verification = try verifier.verify(request) { _ in PublishedExampleTests.credential }
        guard case .verified(let verified) = verification else { throw S3Error(.accessDenied) }
        return Upload(payload, try #require(verified.chunkSigning))
    }

    var writer: ChunkedPayloadWriter { ChunkedPayloadWriter(payload, chunkSigning: signing) }

    func write(_ chunks: [String], trailers: [(name: String, value: String)] = []) -> String {
        var writer = writer
        let frames = chunks.map { String(buffer: writer.chunk(ByteBuffer(string: $0))) }
        return frames.joined() + String(buffer: writer.end(trailers: trailers))
    }

    func read(
        _ frames: String,
        inPiecesOf piece: Int = .max,
        length: Int? = nil
    ) throws(S3Error) -> Read {
        var decoder = try ChunkedPayload(payload, chunkSigning: signing, decodedLength: length)
        var read = Read()
        var rest = ByteBuffer(string: frames)
        while var input = rest.readSlice(length: min(piece, rest.readableBytes)),
            input.readableBytes > 0
        {
            while let slice = try decoder.read(&input) { read.body += String(buffer: slice) }
        }
        for (name, value) in try decoder.finish() { read.trailers[name] = value }
        return read
    }

    func refusal(_ frames: String, length: Int? = nil) -> String {
        do throws(S3Error) {
            _ = try read(frames, length: length)
            return "none"
        } catch {
            return error.code.name
        }
    }
}
