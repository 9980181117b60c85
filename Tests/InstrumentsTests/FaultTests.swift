import HTTPMessage
import NIOHTTP1
import S3Protocol
import Testing

@testable import Instruments

/// Each fault through the service: what a client would get of it, and what is stored.
@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    private func bench(_ effect: FaultEffect, on operation: String? = nil) async throws -> TestBench
    {
        let bench = try await TestBench()
        #expect(await bench.send(.PUT, "/photos/cat.jpg", "0123456789").status == 200)
        try bench.instruments.faults.add(FaultRule(effect, operation: operation))
        return bench
    }

    @Test func `without a rule nothing is changed`() async throws {
        let bench = try await TestBench()
        #expect(await bench.send(.PUT, "/photos/cat.jpg", "0123456789").status == 200)
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        #expect(reply.text == "0123456789" && reply.mishap == nil && bench.sleeps.isEmpty)
        #expect(!reply.headers.contains(name: "Date"))
    }

    @Test func `an error is S3's document, and nothing is done`() async throws {
        let bench = try await bench(.error(.slowDown, isCarriedOut: false), on: "PutObject")
        let reply = await bench.send(.PUT, "/photos/dog.jpg", "wow")
        #expect(reply.status == 503)
        #expect(
            reply.text.hasPrefix(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message>\
                <Resource>/photos/dog.jpg</Resource><RequestId>
                """
            )
        )
        #expect(reply.headers.contains(name: "x-amz-request-id"))
        #expect(await bench.send(.GET, "/photos/dog.jpg").status == 404)
    }

    @Test func `an error to HEAD has no body`() async throws {
        let bench = try await bench(.error(.internalError, isCarriedOut: false))
        let reply = await bench.send(.HEAD, "/photos/cat.jpg")
        #expect(reply.status == 500 && reply.body.isEmpty)
    }

    @Test func `an error after the fact leaves the fact`() async throws {
        let bench = try await bench(.error(.internalError, isCarriedOut: true), on: "PutObject")
        #expect(await bench.send(.PUT, "/photos/dog.jpg", "wow").status == 500)
        #expect(await bench.send(.GET, "/photos/dog.jpg").text == "wow")
    }

    @Test func `an error behind a 200 is a document too`() async throws {
        let bench = try await bench(.errorIn200(.internalError), on: "CopyObject")
        let source: HTTPHeaders = ["x-amz-copy-source": "/photos/cat.jpg"]
        let reply = await bench.send(.PUT, "/photos/copy.jpg", headers: source)
        #expect(reply.status == 200 && reply.text.contains("<Code>InternalError</Code>"))
        #expect(await bench.send(.GET, "/photos/copy.jpg").status == 404)
    }

    @Test func `too many at once are told to slow down`() async throws {
        let bench = try await bench(.throttle(perSecond: 1, burst: 2))
        let before = await statuses(bench, 3)
        #expect(before == [200, 200, 503])
        bench.machine.advance(bySeconds: 1)
        let after = await statuses(bench, 2)
        #expect(after == [200, 503])
    }

    private func statuses(_ bench: TestBench, _ count: Int) async -> [Int] {
        var statuses: [Int] = []
        for _ in 1...count { statuses.append(await bench.send(.GET, "/photos/cat.jpg").status) }
        return statuses
    }

    @Test func `delays are waited out, one after the other`() async throws {
        let bench = try await bench(.delay(milliseconds: 250))
        try bench.instruments.faults.add(FaultRule(.delay(milliseconds: 50)))
        #expect(await bench.send(.GET, "/photos/cat.jpg").text == "0123456789")
        #expect(bench.sleeps == [250, 50])
    }

    @Test func `a bandwidth slows both bodies`() async throws {
        let bench = try await bench(.bandwidth(bytesPerSecond: 40))
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        #expect(reply.text == "0123456789" && reply.announced == 10)
        #expect(reply.pieces == [4, 4, 2] && bench.sleeps == [100, 100, 50])
        #expect(await bench.send(.PUT, "/photos/dog.jpg", "01234567").status == 200)
        #expect(bench.sleeps.dropFirst(3).first == 200)
    }

    @Test(arguments: [(0, ""), (4, "0123"), (9, "012345678")])
    func `a truncated body is announced in full`(count: Int64, text: String) async throws {
        let bench = try await bench(.truncate(afterBytes: count))
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        #expect(reply.isCut && reply.text == text && reply.announced == 10)
        #expect(reply.mishap == Mishap())
    }

    @Test func `a body shorter than the cut comes whole`() async throws {
        let bench = try await bench(.truncate(afterBytes: 10))
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        #expect(!reply.isCut && reply.text == "0123456789")
    }

    @Test func `one bit is flipped in the reply alone`() async throws {
        let bench = try await bench(.flip(atByte: 3))
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        let right = Array("0123456789".utf8)
        let different = right.indices.filter { reply.body[$0] != right[$0] }
        #expect(different == [3] && (reply.body[3] ^ right[3]).nonzeroBitCount == 1)
        bench.instruments.faults.clear()
        #expect(await bench.send(.GET, "/photos/cat.jpg").text == "0123456789")
    }

    @Test func `where chance flips it is the same for the same seed`() async throws {
        func run(seed: UInt64) async throws -> [[UInt8]] {
            let bench = try await TestBench(seed: seed)
            #expect(await bench.send(.PUT, "/photos/cat.jpg", "0123456789").status == 200)
            try bench.instruments.faults.add(FaultRule(.flip(atByte: nil)))
            var bodies: [[UInt8]] = []
            for _ in 1...8 { bodies.append(await bench.send(.GET, "/photos/cat.jpg").body) }
            return bodies
        }
        let first = try await run(seed: 3)
        #expect(first.allSatisfy { $0 != Array("0123456789".utf8) } && Set(first).count > 1)
        let again = try await run(seed: 3)
        let other = try await run(seed: 4)
        #expect(again == first && other != first)
    }

    @Test func `a reset is left to the server`() async throws {
        let bench = try await bench(.reset(afterBytes: 4))
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        #expect(reply.text == "0123" && reply.isCut && reply.mishap == Mishap(breaksByReset: true))
        // What has no body is reset before its head.
        let put = await bench.send(.PUT, "/photos/dog.jpg", "wow")
        #expect(put.mishap == Mishap(reply: .reset))
    }

    @Test(arguments: [
        (FaultEffect.reset(afterBytes: nil), Mishap(reply: .reset)),
        (.silence(milliseconds: 10), Mishap(reply: .silence(.milliseconds(10)))),
        (.staleContinue, Mishap(hasStaleContinue: true)),
    ])
    func `what concerns the connection is left to the server, and the operation done`(
        effect: FaultEffect,
        mishap: Mishap
    ) async throws {
        let bench = try await bench(effect)
        #expect(await bench.send(.PUT, "/photos/dog.jpg", "wow").mishap == mishap)
        bench.instruments.faults.clear()
        #expect(await bench.send(.GET, "/photos/dog.jpg").text == "wow")
    }

    @Test func `a skew is in the Date of the reply and nowhere else`() async throws {
        let bench = try await bench(.skew(seconds: 3600))
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        #expect(reply.headers.first(name: "Date") == "Tue, 14 Nov 2023 23:13:20 GMT")
        #expect(reply.headers.first(name: "Last-Modified") == "Tue, 14 Nov 2023 22:13:20 GMT")
    }

    @Test func `a rule for one client or key lets others pass`() async throws {
        let bench = try await bench(.error(.slowDown, isCarriedOut: false), on: "none")
        let rule = FaultRule(
            .error(.slowDown, isCarriedOut: false),
            key: "cat*",
            client: .init(address: "10.0.0.1", accessKey: "AKIAROOT")
        )
        try bench.instruments.faults.add(rule)
        #expect(await bench.send(.GET, "/photos/cat.jpg").status == 200)
        #expect(await bench.send(.GET, "/photos/cat.jpg", peer: "10.0.0.1").status == 503)
        #expect(await bench.send(.GET, "/photos/dog.jpg", peer: "10.0.0.1").status == 404)
    }

    @Test func `Pail's own paths are never spoiled`() async throws {
        let bench = try await bench(.error(.slowDown, isCarriedOut: false))
        #expect(await bench.send(.GET, "/_pail/health").status != 503)
        #expect(await bench.send(.GET, "/_pail/fidelity").status == 200)
    }
}
