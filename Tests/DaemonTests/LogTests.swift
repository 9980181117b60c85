import Glibc
import Logging
import S3Protocol
import Testing

@testable import Daemon
@testable import S3Service

@Suite struct LogTests {
    private let time = Timestamp(milliseconds: 1_400_000_000_123)

    private func record(_ message: String, _ fields: [LogRecord.Field] = []) -> LogRecord {
        LogRecord(time: time, level: "info", message: message, fields: fields)
    }

    @Test func `a line of text has the time, the level, the message and the details`() {
        let line = LogFormat.text.line(
            record(
                "request",
                [
                    .init(name: "key", value: .text("a b.jpg")),
                    .init(name: "bucket", value: .text("photos")),
                    .init(name: "status", value: .number("200")),
                ]
            )
        )

        #expect(
            line == """
                2014-05-13T16:53:20.123Z info request key="a b.jpg" bucket=photos status=200

                """
        )
    }

    @Test func `a line of JSON is one object`() {
        let line = LogFormat.json.line(
            record("a \"b\"", [.init(name: "status", value: .number("200"))])
        )

        #expect(
            line == """
                {"time":"2014-05-13T16:53:20.123Z","level":"info","message":"a \\"b\\"","status":200}

                """
        )
    }

    @Test(arguments: LogFormat.allCases, ["\n", "\r", "\u{2028}", "\u{1B}", "\u{85}", "\0"])
    func `nobody writes a second line or a control character into a log`(
        format: LogFormat,
        nasty: String
    ) {
        let line = format.line(
            record(nasty + "x", [.init(name: "key", value: .text("a\(nasty)b"))])
        )

        #expect(line.unicodeScalars.last == "\n")
        #expect(!line.unicodeScalars.dropLast().contains { nasty.unicodeScalars.contains($0) })
    }

    @Test func `swift-log's details come in the order of their names`() {
        let kept = KeptLines()
        var logger = LogBackend.logger("test", kept.output())
        logger[metadataKey: "b"] = "1"

        logger.info("hello", metadata: ["c": "2", "a": "3"])
        logger.debug("too little to say")

        #expect(kept.lines.count == 1)
        #expect(kept.lines.first?.hasSuffix(" info hello a=3 b=1 c=2\n") == true)
    }

    @Test func `a request is one line`() {
        let kept = KeptLines()
        kept.output().line(
            AccessLogEntry(
                time: time,
                requestID: "4442587FB7D0A2F9",
                peer: "127.0.0.1",
                accessKey: "AKIA",
                operation: "GetObject",
                bucket: "photos",
                key: "cat 1.jpg",
                status: 404,
                error: S3Error(.noSuchKey),
                reason: nil,
                signedHost: "s3:9000",
                bytesSent: 300,
                isComplete: true,
                microseconds: 1042
            )
        )

        #expect(
            kept.lines == [
                """
                2014-05-13T16:53:20.123Z info request operation=GetObject bucket=photos \
                key="cat 1.jpg" status=404 error=NoSuchKey bytes=300 ms=1.042 access-key=AKIA \
                signed-host=s3:9000 peer=127.0.0.1 id=4442587FB7D0A2F9

                """
            ]
        )
    }

    /// A pipe, and what can be read from it.
    private struct Reader: ~Copyable {
        let ends: (read: CInt, write: CInt)

        init() throws {
            var ends: [CInt] = [0, 0]
            let result = unsafe pipe(&ends)
            try #require(result == 0)
            self.ends = (ends[0], ends[1])
        }

        deinit {
            close(ends.read)
            close(ends.write)
        }

        /// The lines that come, until those are all that are wanted.
        func lines(until isAll: ([Substring]) -> Bool) -> [Substring] {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                if bytes.last == 10, isAll(lines) { return lines }
                let count = unsafe read(ends.read, &chunk, chunk.count)
                guard count > 0 else { return lines }
                bytes += chunk.prefix(count)
            }
        }
    }

    /// The numbers of the lines that begin with a word.
    private func numbers(of word: String, in lines: [Substring]) -> [Int] {
        lines.filter { $0.hasPrefix(word) }.compactMap { Int($0.dropFirst(word.count + 1)) }
    }

    @Test(arguments: [false, true])
    func `a log that nobody reads keeps nobody waiting, and says later how much was lost`(
        nonBlocking: Bool
    ) async throws {
        let reader = try Reader()
        if nonBlocking { _ = fcntl(reader.ends.write, F_SETFL, O_NONBLOCK) }
        let pipe = LogPipe(reader.ends.write, limit: 10_000) { "lost \($0)\n" }

        for number in 0..<20_000 { pipe.write("line \(number)\n") }

        let read = reader.lines { lines in
            let lost = numbers(of: "lost", in: lines).reduce(0, +)
            return lost + numbers(of: "line", in: lines).count == 20_000
        }
        let lines = numbers(of: "line", in: read)
        #expect(lines == lines.sorted() && lines.starts(with: 0..<1000))
        #expect(numbers(of: "lost", in: read).reduce(0, +) > 0)
        pipe.write("after\n")
        await pipe.finish()
        let rest = reader.lines { $0.last == "after" }
        #expect(rest == ["after"])
    }

    @Test func `a line longer than a pipe is written whole, and in its place`() async throws {
        let reader = try Reader()
        let pipe = LogPipe(reader.ends.write) { "lost \($0)\n" }
        let long = String(repeating: "long", count: 50_000)

        pipe.write(long + "\n")
        pipe.write("end\n")

        let read = reader.lines { $0.last == "end" }
        #expect(read == [long[...], "end"])
        await pipe.finish()
    }
}
