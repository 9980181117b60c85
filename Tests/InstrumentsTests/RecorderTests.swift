import HTTPMessage
import NIOHTTP1
import S3Protocol
import Testing

@testable import Instruments

@Suite(.timeLimit(.minutes(1))) struct RecorderTests {
    private func bench() async throws -> TestBench {
        let bench = try await TestBench()
        bench.instruments.recorder.turnOn()
        return bench
    }

    @Test func `it is off until it is turned on`() async throws {
        let bench = try await TestBench()
        _ = await bench.send(.GET, "/photos/cat.jpg")
        #expect(bench.instruments.recorder.calls().isEmpty)
        bench.instruments.recorder.turnOn()
        _ = await bench.send(.GET, "/photos/cat.jpg")
        bench.instruments.recorder.turnOff()
        _ = await bench.send(.GET, "/photos/cat.jpg")
        #expect(bench.instruments.recorder.count == 1)
    }

    @Test func `a call is told in full`() async throws {
        let bench = try await bench()
        let headers: HTTPHeaders = ["Content-MD5": "lCYMf4e3sPpPeCzoOWfCVA=="]
        let reply = await bench.send(
            .PUT,
            "/photos/a%20b.jpg?x-id=PutObject",
            "wow",
            headers: headers
        )
        let call = try #require(bench.instruments.recorder.calls().first)
        #expect(call.operation == "PutObject" && call.bucket == "photos" && call.key == "a b.jpg")
        #expect(call.method == "PUT" && call.target == "/photos/a%20b.jpg?x-id=PutObject")
        #expect(call.accessKey == "AKIAROOT" && call.signature == .v4Header)
        #expect(call.requestBytes == 3 && call.responseBytes == reply.body.count)
        #expect(call.requestID == reply.headers.first(name: "x-amz-request-id"))
        #expect(call.time == TestBench.start && call.peer == "127.0.0.1" && !call.isSecure)
        #expect(call.number == 1 && call.isComplete)
        #expect(call.status == reply.status && call.status == 400 && call.errorCode == "BadDigest")
        #expect(call.checksums.contains(.init("content-md5", "lCYMf4e3sPpPeCzoOWfCVA==")))
    }

    @Test func `what was wrong on purpose is told`() async throws {
        let bench = try await bench()
        try bench.instruments.faults.add(FaultRule(.delay(milliseconds: 1)))
        try bench.instruments.faults.add(FaultRule(.error(.slowDown, isCarriedOut: false)))
        _ = await bench.send(.GET, "/photos/cat.jpg")
        let call = try #require(bench.instruments.recorder.calls().first)
        #expect(call.faults == ["delay", "error"] && call.errorCode == "SlowDown")
        #expect(call.operation == "GetObject" && call.key == "cat.jpg" && call.status == 503)
    }

    @Test func `a cut reply is told as one`() async throws {
        let bench = try await bench()
        _ = await bench.send(.PUT, "/photos/cat.jpg", "0123456789")
        try bench.instruments.faults.add(FaultRule(.truncate(afterBytes: 4)))
        _ = await bench.send(.GET, "/photos/cat.jpg")
        let call = try #require(bench.instruments.recorder.calls().last)
        #expect(call.responseBytes == 4 && !call.isComplete && call.status == 200)
    }

    @Test func `secrets are not kept`() async throws {
        let bench = try await bench()
        let secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTMyYnk="
        let headers: HTTPHeaders = [
            "x-amz-server-side-encryption-customer-key": secret, "Cookie": secret,
            "x-amz-security-token": secret,
        ]
        _ = await bench.send(.GET, "/photos/cat.jpg", headers: headers)
        let signature = "0123456789abcdef"
        let key = "X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key=\(secret)"
        let query =
            "\(key)&X-Amz-Signature=\(signature)&X-Amz-Security-Token=\(secret)&x-id=GetObject"
        _ = await bench.raw(
            HTTPRequest(
                method: .GET,
                target: "/photos/cat.jpg?\(query)",
                headers: ["host": "127.0.0.1:9000"]
            )
        )
        let calls = bench.instruments.recorder.calls()
        #expect(calls.count == 2)
        #expect(!"\(calls)".contains(secret) && !"\(calls)".contains(signature))
        #expect(calls[1].target.hasSuffix("X-Amz-Security-Token=REDACTED&x-id=GetObject"))
        let authorization = calls[0].requestHeaders.first {
            $0.name.lowercased() == "authorization"
        }
        let value = try #require(authorization?.value)
        #expect(value.contains("Credential=AKIAROOT/") && value.hasSuffix("Signature=REDACTED"))
    }

    @Test(arguments: [
        ("AWS AKIA:c2lnbmF0dXJl", "AWS AKIA:REDACTED"), ("Basic dXNlcjpwYXNz", "REDACTED"),
        (
            "AWS4-HMAC-SHA256 Signature=ab, Credential=c",
            "AWS4-HMAC-SHA256 Signature=REDACTED, Credential=c"
        ),
        ("AWS4-HMAC-SHA256 nothing", "REDACTED"),
    ])
    func `of an authorization everything but its secret stays`(value: String, shown: String) {
        #expect(Redaction.fields(["Authorization": value]) == [.init("Authorization", shown)])
    }

    @Test func `the oldest goes for the newest, and numbers are never given twice`() async throws {
        let recorder = Recorder()
        recorder.turnOn(limit: 3)
        for _ in 1...5 { recorder.add(RecordedCall()) }
        #expect(recorder.calls().map(\.number) == [3, 4, 5])
        recorder.clear()
        recorder.add(RecordedCall())
        #expect(recorder.calls().map(\.number) == [6])
    }

    @Test(arguments: 1...9)
    func `calls after a number are those and no others, wherever the oldest is`(
        added: Int
    ) {
        let recorder = Recorder()
        recorder.turnOn(limit: 4)
        for _ in 0..<added { recorder.add(RecordedCall()) }
        let kept = Array(max(1, added - 3)...added)
        for after in [Int.min, 0] + Array(1...added) + [Int.max] {
            let found = recorder.calls(CallFilter(after: after)).map(\.number)
            #expect(found == kept.filter { $0 > after })
        }
    }

    @Test func `calls that made room for newer ones are not waited for in vain`() async {
        let recorder = Recorder()
        recorder.turnOn(limit: 2)
        async let found = recorder.waitForCalls(3, atMost: .milliseconds(50))
        for _ in 0..<5 { recorder.add(RecordedCall()) }
        #expect(await found.map(\.number) == [4, 5])
    }

    @Test(arguments: [
        (CallFilter(), 3), (CallFilter(operation: "PutObject"), 1),
        (CallFilter(operation: "*Object"), 3),
        (CallFilter(bucket: "other"), 0), (CallFilter(key: "c*.jpg"), 2),
        (CallFilter(status: 404), 1),
        (CallFilter(errorCode: "NoSuchKey"), 1), (CallFilter(errorCode: "*"), 1),
        (CallFilter(accessKey: "AKIAROOT"), 3), (CallFilter(fault: "delay"), 0),
        (CallFilter(after: 1), 2), (CallFilter(operation: "GetObject", status: 200), 1),
    ])
    func `calls are found by what they were`(filter: CallFilter, count: Int) async throws {
        let bench = try await bench()
        _ = await bench.send(.PUT, "/photos/cat.jpg", "meow")
        _ = await bench.send(.GET, "/photos/cat.jpg")
        _ = await bench.send(.GET, "/photos/dog.jpg")
        #expect(bench.instruments.recorder.calls(filter).count == count)
    }

    @Test func `a call that comes is waited for, and one that does not, not for long`() async throws
    {
        let bench = try await bench()
        let recorder = bench.instruments.recorder
        async let found = recorder.waitForCalls(
            1,
            CallFilter(operation: "PutObject"),
            atMost: .seconds(30)
        )
        _ = await bench.send(.GET, "/photos/cat.jpg")
        _ = await bench.send(.PUT, "/photos/cat.jpg", "meow")
        #expect(await found.map(\.operation) == ["PutObject"])
        let none = await recorder.waitForCalls(2, CallFilter(bucket: "x"), atMost: .milliseconds(1))
        #expect(none.isEmpty)
        recorder.stopWaiting()
        let stopped = await recorder.waitForCalls(9, atMost: .seconds(30))
        #expect(stopped.count == 2)
    }

    @Test(arguments: [
        ("AWS4-HMAC-SHA256 Credential=x", "UNSIGNED-PAYLOAD", "/b", SignatureKind.v4Header),
        ("AWS4-HMAC-SHA256 Credential=x", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "/b", .v4Streaming),
        ("AWS AKIA:x", "", "/b", .v2Header), ("", "", "/b?X-Amz-Signature=x", .v4Query),
        ("", "", "/b?AWSAccessKeyId=a&Signature=x", .v2Query), ("", "", "/b?acl", .none),
    ])
    func `how a request is signed is told`(
        authorization: String,
        content: String,
        target: String,
        kind: SignatureKind
    ) {
        var headers: HTTPHeaders = ["x-amz-content-sha256": content]
        if !authorization.isEmpty { headers.add(name: "Authorization", value: authorization) }
        #expect(SignatureKind(HTTPRequest(method: .PUT, target: target, headers: headers)) == kind)
        let form: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=x"]
        #expect(SignatureKind(HTTPRequest(method: .POST, target: "/b", headers: form)) == .form)
    }
}
