import HTTPMessage
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing
import Testing

@testable import Instruments

/// What follows the clock: everything in the service that asks for the time.
@Suite(.timeLimit(.minutes(1))) struct ClockTests {
    private func presigned(_ bench: TestBench, expires: Int) -> HTTPRequest {
        let target = SignatureV4.presign(
            SignableRequest(
                method: "GET",
                target: "/photos/cat.jpg",
                headers: ["host": "127.0.0.1:9000"]
            ),
            by: TestBench.root,
            region: "us-east-1",
            expiresIn: expires,
            at: bench.machine.now()
        )
        return HTTPRequest(
            method: .GET,
            target: target,
            headers: ["host": "127.0.0.1:9000"]
        )
    }

    @Test func `a presigned URL expires when the clock is moved`() async throws {
        let bench = try await TestBench()
        #expect(await bench.send(.PUT, "/photos/cat.jpg", "meow").status == 200)
        let request = presigned(bench, expires: 3600)
        #expect(await bench.raw(request).text == "meow")
        try await bench.instruments.clock.move(byMilliseconds: 3_600_000)
        #expect(await bench.raw(request).text == "meow")
        try await bench.instruments.clock.move(byMilliseconds: 1000)
        let expired = await bench.raw(request)
        #expect(expired.status == 403 && expired.text.contains("Request has expired"))
        await bench.instruments.clock.reset()
        #expect(await bench.raw(request).text == "meow")
    }

    @Test func `dates follow the clock, and clients with the machine's are believed`() async throws
    {
        let bench = try await TestBench()
        try await bench.instruments.clock.freeze(at: Timestamp(seconds: 1_800_000_000))
        #expect(await bench.send(.PUT, "/photos/cat.jpg", "meow").status == 200)
        let reply = await bench.send(.GET, "/photos/cat.jpg")
        #expect(reply.headers.first(name: "Last-Modified") == "Fri, 15 Jan 2027 08:00:00 GMT")
        #expect(reply.headers.first(name: "Date") == "Fri, 15 Jan 2027 08:00:00 GMT")
        // Half a day off either clock is too much.
        let other = try await TestBench()
        try await other.instruments.clock.move(byMilliseconds: 86_400_000)
        other.machine.advance(bySeconds: 43_200)
        let late = await other.raw(try await signed(other, at: TestBench.start))
        #expect(late.status == 403 && late.text.contains("RequestTimeTooSkewed"))
    }

    private func signed(_ bench: TestBench, at moment: Timestamp) async throws -> HTTPRequest {
        let request = SignableRequest(
            method: "GET",
            target: "/photos",
            headers: ["host": "127.0.0.1:9000"]
        )
        let signed = SignatureV4.sign(
            request,
            by: TestBench.root,
            region: "us-east-1",
            payload: .unsigned,
            at: moment
        )
        return HTTPRequest(method: .GET, target: "/photos", headers: signed.headers)
    }

    @Test func `a year of lifecycle passes in a moment`() async throws {
        let bench = try await TestBench()
        let rules = """
            <LifecycleConfiguration><Rule><ID>old</ID><Filter><Prefix></Prefix></Filter>\
            <Status>Enabled</Status><Expiration><Days>365</Days></Expiration></Rule>\
            </LifecycleConfiguration>
            """
        #expect(await bench.send(.PUT, "/photos?lifecycle", rules).status == 200)
        // The clock keeps this, and the store keeps the clock.
        bench.instruments.clock.onChange { [weak store = bench.store] in
            _ = await store?.runLifecycles()
        }
        var puts: [Int] = []
        for month in 0..<12 {
            puts.append(await bench.send(.PUT, "/photos/\(month).jpg", "x").status)
            try await bench.instruments.clock.move(byMilliseconds: 30 * 86_400_000)
        }
        #expect(puts.allSatisfy { $0 == 200 })
        // 360 days have passed: nothing is due.
        #expect(await present(bench) == Array(0..<12))
        try await bench.instruments.clock.move(byMilliseconds: 7 * 86_400_000)
        #expect(await present(bench) == Array(1..<12))
        try await bench.instruments.clock.move(byMilliseconds: 365 * 86_400_000)
        #expect(await present(bench).isEmpty)
    }

    private func present(_ bench: TestBench) async -> [Int] {
        var found: [Int] = []
        for month in 0..<12 where await bench.send(.HEAD, "/photos/\(month).jpg").status == 200 {
            found.append(month)
        }
        return found
    }
}
