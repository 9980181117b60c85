import Digests
import HTTPMessage
import NIOCore
import Testing

@Suite struct MultipartFormReaderTests {
    @Test func `tells fields, their bytes and the end of the form`() throws {
        let events = try read(
            """
            --X
            Content-Disposition: form-data; name="title"

            A cat
            --X
            Content-Disposition: form-data; name="file"; filename="cat.jpg"
            Content-Type: image/jpeg

            meow
            --X--

            """
        )

        #expect(
            events == [
                .field(MultipartFormField(name: "title")), .text("A cat"), .fieldEnd,
                .field(
                    MultipartFormField(
                        name: "file",
                        fileName: "cat.jpg",
                        contentType: "image/jpeg"
                    )
                ), .text("meow"), .fieldEnd, .formEnd,
            ]
        )
    }

    @Test func `means the same wherever the network cuts it`() throws {
        let lookAlikes = "\r\r\n\r\n-\r\n--\r\n--Y\r\n--X-\r\n--XX--\r\n--X\r--X\n--X"
        let form = Array(
            ("--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\(lookAlikes)\r\n--X\r\n"
                + "CONTENT-DISPOSITION:form-data;name=empty\r\n\r\n\r\n--X--\r\n").utf8
        )
        let whole = try read(bytes: [form])
        #expect(whole.dropFirst().first == .text(lookAlikes))
        #expect(whole.count == 6)

        for place in 0...form.count {
            let halves = [Array(form[..<place]), Array(form[place...])]
            #expect(try read(bytes: halves) == whole, "cut at \(place)")
        }
        #expect(try read(bytes: form.map { [$0] }) == whole)
    }

    @Test func `gives any bytes back whatever they are and however they are cut`() throws {
        // Made of the letters of a boundary, so that it is full of beginnings of one.
        let random = SeededRandom(seed: 3)
        let alphabet = Array("\r\n--X".utf8)
        for round in 0..<500 {
            var content = random.bytes(round % 97).map { alphabet[Int($0) % alphabet.count] }
            content = content.replacing(Array("\r\n--X\r\n".utf8), with: [])
                .replacing(Array("\r\n--X--".utf8), with: [])
            // What was cut out may have let another boundary close up.
            guard !content.contains(Array("\r\n--X\r\n".utf8)),
                !content.contains(Array("\r\n--X--".utf8)),
                // A delimiter right behind one that is too short would be read with it.
                !content.ends(in: Array("\r\n--X".utf8))
            else { continue }
            let form =
                Array("--X\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + content
                + Array("\r\n--X--\r\n".utf8)
            var pieces: [[UInt8]] = []
            var rest = form[...]
            while !rest.isEmpty {
                let count = Int(random.bytes(1)[0]) % 9 + 1
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }

            let events = try read(bytes: pieces)

            let told = content.isEmpty ? [] : [Told.bytes(content)]
            #expect(
                events == [.field(MultipartFormField(name: "a"))] + told + [.fieldEnd, .formEnd]
            )
        }
    }

    @Test(arguments: [
        "", "--X", "--X\r\nContent-Disposition: form-data; name=a\r\n",
        "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nbytes",
        "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nbytes\r\n--X",
        "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nbytes\r\n--X-",
        "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nbytes\r\n--X\r\n",
    ])
    func `a form without its last boundary is incomplete`(form: String) {
        #expect(throws: MultipartFormError.incomplete) {
            try read(bytes: [Array(form.utf8)])
        }
    }

    @Test(arguments: [
        ("junk\r\n--X\r\n", "the form does not begin with its boundary"),
        ("--Y\r\n", "the form does not begin with its boundary"),
        ("--X \r\n", "the form does not begin with its boundary"),
        ("--X\n", "the form does not begin with its boundary"),
        ("--X--\r\nmore", "more bytes follow the end of the form"),
        ("--X\r\n\r\nbytes\r\n\r\n", "a field's header line has no name"),
        ("--X\r\nno colon\r\n\r\n", "a field's header line has no name"),
        ("--X\r\n: empty\r\n\r\n", "a field's header line has no name"),
        ("--X\r\nA: b\r\n folded\r\n\r\n", "a field's header line has no name"),
        ("--X\r\nA: b\nC: d\r\n\r\n", "a field's header has a stray line end or NUL"),
        ("--X\r\nA: b\rC: d\r\n\r\n", "a field's header has a stray line end or NUL"),
        ("--X\r\nA: b\0\r\n\r\n", "a field's header has a stray line end or NUL"),
        ("--X\r\nA: b\r\na: c\r\n\r\n", "a field has two a headers"),
        ("--X\r\nA: b\r\n\r\n", "a field has no Content-Disposition header"),
        (
            "--X\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            "a field has the Content-Transfer-Encoding base64"
        ),
    ])
    func `what breaks the format is refused with its reason`(form: String, reason: String) {
        #expect(throws: MultipartFormError.malformed(reason)) {
            try read(bytes: [Array(form.utf8)])
        }
    }

    @Test func `a header that is not UTF-8 is refused`() {
        let form =
            Array("--X\r\nContent-Disposition: form-data; name=".utf8) + [0xFF, 13, 10, 13, 10]
        #expect(throws: MultipartFormError.malformed("a field's header is not UTF-8")) {
            try read(bytes: [form])
        }
    }

    @Test func `a form may have no fields, and line ends around it`() throws {
        #expect(try read(bytes: [Array("--X--".utf8)]) == [.formEnd])
        #expect(try read(bytes: [Array("\r\n--X--\r\n\r\n".utf8)]) == [.formEnd])
    }

    @Test func `header lines have a limit, and not a byte more`() throws {
        let disposition = "Content-Disposition: form-data; name=a\r\nX: "
        var limits = MultipartFormLimits()
        limits.headerBytes = disposition.utf8.count + 4
        let fits = "--X\r\n\(disposition)1234\r\n\r\n\r\n--X--"
        for pieces in [[Array(fits.utf8)], fits.utf8.map { [$0] }] {
            #expect(try read(bytes: pieces, limits: limits).count == 3)
        }
        let long = "--X\r\n\(disposition)12345\r\n\r\n\r\n--X--"
        for pieces in [[Array(long.utf8)], long.utf8.map { [$0] }] {
            #expect(throws: MultipartFormError.headerTooLong) {
                try read(bytes: pieces, limits: limits)
            }
        }
    }

    @Test func `fields have a limit, and not one more`() throws {
        var limits = MultipartFormLimits()
        limits.fields = 3
        let field = "--X\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
        func form(_ count: Int) -> [UInt8] {
            Array((String(repeating: field, count: count) + "--X--").utf8)
        }

        #expect(try read(bytes: [form(3)], limits: limits).count == 7)
        #expect(throws: MultipartFormError.tooManyFields) {
            try read(bytes: [form(4)], limits: limits)
        }
    }

    @Test func `tells how far it has come`() throws {
        var reader = try MultipartFormReader(contentType: "multipart/form-data; boundary=X")
        let head = "--X\r\nContent-Disposition: form-data; name=a\r\n\r\n"
        reader.feed(ByteBuffer(string: head + "meow\r\n--X--"))

        _ = try reader.next()
        #expect(reader.position == head.utf8.count)
        _ = try reader.next()
        #expect(reader.position == head.utf8.count + 4)
    }

    @Test func `holds back no more than could begin a boundary`() throws {
        var reader = try MultipartFormReader(contentType: "multipart/form-data; boundary=X")
        reader.feed(
            ByteBuffer(string: "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nmeow\r\n--")
        )
        _ = try reader.next()

        #expect(try reader.next() == .bytes(ByteBuffer(string: "meow")))
        #expect(try reader.next() == nil)
        reader.feed(ByteBuffer(string: "Y"))
        #expect(try reader.next() == .bytes(ByteBuffer(string: "\r\n--Y")))
    }
}

/// An event, its bytes put together with those of its neighbours.
enum Told: Equatable {
    case field(MultipartFormField)
    case bytes([UInt8])
    case fieldEnd
    case formEnd

    static func text(_ text: String) -> Told { .bytes(Array(text.utf8)) }
}

/// Reads a form with the boundary `X`, written with bare line feeds.
func read(_ form: String) throws -> [Told] { try read(bytes: [form.withLineEnds]) }

/// Reads a form with the boundary `X`, piece by piece.
@discardableResult
func read(
    bytes pieces: [[UInt8]],
    limits: MultipartFormLimits = MultipartFormLimits()
) throws -> [Told] {
    var reader = try MultipartFormReader(
        contentType: "multipart/form-data; boundary=X",
        limits: limits
    )
    var told: [Told] = []
    for piece in pieces {
        reader.feed(ByteBuffer(bytes: piece))
        while let event = try reader.next() {
            switch event {
            case .field(let field): told.append(.field(field))
            case .fieldEnd: told.append(.fieldEnd)
            case .formEnd: told.append(.formEnd)
            case .bytes(let buffer):
                #expect(buffer.readableBytes > 0)
                let bytes = Array(buffer.readableBytesView)
                if case .bytes(let before) = told.last {
                    told[told.count - 1] = .bytes(before + bytes)
                } else {
                    told.append(.bytes(bytes))
                }
            }
        }
    }
    try reader.finish()
    return told
}

extension String {
    /// The bytes of the text, with CR and LF at the end of each line.
    var withLineEnds: [UInt8] {
        Array(utf8.map { $0 == 0x0A ? "\r\n" : String(UnicodeScalar($0)) }.joined().utf8)
    }
}

extension [UInt8] {
    fileprivate func ends(in suffix: [UInt8]) -> Bool { self.suffix(suffix.count) == suffix[...] }
}
