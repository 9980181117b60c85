import Foundation
import GalleryClient
import Instruments
import NIOCore
import PailTesting
import S3Protocol
import Testing

/// What a gallery sees of each fault, over a socket: `Tests/EndToEnd/test_faults.py` has the same for boto3.
@Suite(.pail(buckets: ["photos"]), .timeLimit(.minutes(1))) struct FaultTests {
    private let pail: PailTenant

    init() throws { pail = try PailTenant.current }

    private func ranges() async -> [String?] {
        await pail.calls(.getObject).map { call in
            call.requestHeaders.first { $0.name.lowercased() == "range" }?.value
        }
    }

    // MARK: Errors

    @Test func `an error is what the client tells after its last attempt, and nothing is stored`()
        async throws
    {
        try pail.spoil(.error(.slowDown, isCarriedOut: false), .putObject)
        let error = await failure { try await pail.hasty(attempts: 5).keep("cat.jpg") }
        #expect(error?.kind == .unavailable && error?.code == "SlowDown")
        #expect(error?.message == "Please reduce your request rate.")
        let calls = await pail.calls(.putObject)
        #expect(calls.map(\.status) == [503, 503, 503, 503, 503])
        #expect(error?.requestID == calls.last?.requestID)
        #expect(try await pail.hasty().exists("cat.jpg") == false)
    }

    @Test func `an error that is none for good is got over by trying again`() async throws {
        try pail.spoil(.error(.internalError, isCarriedOut: false), .getObject, times: 2)
        let storage = try pail.hasty(attempts: 3)
        try await storage.keep("cat.jpg")
        #expect(try await storage.read("cat.jpg") == cat)
        #expect(await pail.calls(.getObject).map(\.status) == [500, 500, 200])
    }

    @Test func `an error may have a status, a code and words of one's own`() async throws {
        let teapot = S3Error.Code(418, "Teapot", "Short and stout.")
        try pail.spoil(.error(teapot, isCarriedOut: false), .getObject)
        let storage = try pail.hasty(attempts: 3)
        try await storage.keep("cat.jpg")
        let error = await failure { _ = try await storage.read("cat.jpg") }
        #expect(error?.kind == .refused && error?.code == "Teapot")
        #expect(error?.message == "Short and stout.")
        // Nobody tries again what was refused for good.
        #expect(await pail.calls(.getObject).map(\.status) == [418])
    }

    @Test func `an error after the fact looks the same, and the file is there`() async throws {
        try pail.spoil(.error(.serviceUnavailable, isCarriedOut: true), .putObject)
        let storage = try pail.hasty()
        let error = await failure { try await storage.keep("cat.jpg") }
        #expect(error?.kind == .unavailable && error?.code == "ServiceUnavailable")
        #expect(try await storage.read("cat.jpg") == cat)
    }

    @Test func `an error behind a 200 fails a copy`() async throws {
        let storage = try pail.hasty()
        try await storage.keep("cat.jpg")
        try pail.spoil(.errorIn200(.internalError), .copyObject, times: 1)
        let error = await failure { try await storage.copy("cat.jpg", to: "copy.jpg") }
        #expect(error?.code == "InternalError")
        #expect(await pail.calls(.copyObject).map(\.status) == [200])
        #expect(try await storage.exists("copy.jpg") == false)
        try await storage.copy("cat.jpg", to: "copy.jpg")
        #expect(try await storage.read("copy.jpg") == cat)
    }

    @Test func `who asks too often is told to slow down, by the tenant's clock`() async throws {
        let storage = try pail.hasty()
        try await storage.keep("cat.jpg")
        try await pail.clock.freeze()
        try pail.spoil(.throttle(perSecond: 2, burst: 3), .getObject)
        func run(_ count: Int) async -> [String] {
            var outcomes: [String] = []
            for _ in 0..<count { outcomes.append(await storage.outcome("cat.jpg")) }
            return outcomes
        }
        #expect(await run(5) == ["ok", "ok", "ok", "SlowDown", "SlowDown"])
        try await pail.clock.move(byMilliseconds: 1000)
        #expect(await run(3) == ["ok", "ok", "SlowDown"])
        #expect(pail.faults.entries.map(\.applied) == [3])
    }

    // MARK: Time

    @Test func `a delay is waited for, and the answer is right`() async throws {
        let storage = try pail.hasty()
        try await storage.keep("cat.jpg")
        try pail.spoil(.delay(milliseconds: 150), .getObject)
        let begun = ContinuousClock.now
        #expect(try await storage.read("cat.jpg") == cat)
        #expect(ContinuousClock.now - begun >= .milliseconds(150))
    }

    @Test func `who has less patience than the delay hears nothing`() async throws {
        try await pail.hasty().keep("cat.jpg")
        try pail.spoil(.delay(milliseconds: 30_000), .getObject)
        let storage = try pail.hasty(patience: .milliseconds(100))
        let error = await failure { _ = try await storage.read("cat.jpg") }
        #expect(error?.kind == .unavailable && error?.code == "")
    }

    @Test func `a bandwidth is kept both ways, and every byte is right`() async throws {
        let storage = try pail.hasty()
        try pail.spoil(.bandwidth(bytesPerSecond: 1 << 20), "*Object")
        let begun = ContinuousClock.now
        try await storage.keep("cat.jpg")
        let up = ContinuousClock.now - begun
        #expect(try await storage.read("cat.jpg") == cat)
        let down = ContinuousClock.now - begun - up
        // A quarter of a mebibyte takes a quarter of a second; what is cut off by whole milliseconds is forgiven.
        #expect(up >= .milliseconds(200) && down >= .milliseconds(200))
    }

    // MARK: Replies that break

    @Test func `a body that ends too early is taken up where it ended`() async throws {
        let storage = try pail.hasty()
        try await storage.keep("cat.jpg")
        try pail.spoil(.truncate(afterBytes: 100_000), .getObject)
        #expect(try await storage.read("cat.jpg") == cat)
        // The client may lose the last of what arrived before the end, so it takes up where it got to.
        let asked = await ranges()
        let starts = try asked.dropFirst().map { range in
            let start = try #require(range?.wholeMatch(of: /bytes=(\d+)-262143/)?.output.1)
            return try #require(Int(start))
        }
        #expect(asked.first == .some(nil) && starts.count >= 2)
        let steps = zip([0] + starts, starts + [cat.count]).map { $1 - $0 }
        #expect(steps.allSatisfy { (0...100_000).contains($0) }, "\(starts)")
    }

    @Test func `a body that never begins is given up`() async throws {
        let storage = try pail.hasty()
        try await storage.keep("cat.jpg")
        try pail.spoil(.truncate(afterBytes: 0), .getObject)
        let error = await failure { _ = try await storage.read("cat.jpg") }
        #expect(error?.kind == .unavailable && error?.code == "")
        #expect(error?.message.hasPrefix("The object was cut off after 0 of its bytes") == true)
    }

    @Test func `a flipped bit is found in the whole, is in the reply alone, and is one`()
        async throws
    {
        let storage = try pail.hasty()
        try await storage.keep("cat.jpg")
        try pail.spoil(.flip(atByte: 100_000), .getObject)
        let error = await failure { _ = try await storage.read("cat.jpg") }
        #expect(error?.kind == .corrupted)
        // A part has no checksum.
        let part = try await storage.read("cat.jpg", range: 0..<200_000)
        let wrong = part.indices.filter { part[$0] != cat[$0] }
        #expect(wrong == [100_000])
        #expect((part[100_000] ^ cat[100_000]).nonzeroBitCount == 1)
        pail.faults.clear()
        #expect(try await storage.read("cat.jpg") == cat)
    }

    @Test func `a reset in the body is got over as a cut is`() async throws {
        let storage = try pail.hasty()
        try await storage.keep("cat.jpg")
        try pail.spoil(.reset(afterBytes: 100_000), .getObject, times: 1)
        #expect(try await storage.read("cat.jpg") == cat)
        #expect(await ranges().count == 2)
    }

    @Test func `a reset before the head is no answer, and the file is there`() async throws {
        try pail.spoil(.reset(afterBytes: nil), .putObject)
        let storage = try pail.hasty()
        let error = await failure { try await storage.keep("cat.jpg") }
        #expect(error?.kind == .unavailable && error?.code == "")
        #expect(try await storage.read("cat.jpg") == cat)
    }

    @Test func `silence is a time-out, and the file is there`() async throws {
        try pail.spoil(.silence(milliseconds: 300_000), .putObject)
        let meow = MediaSource.bytes(ByteBuffer(string: "meow"))
        // On a busy machine patience may end before the daemon has read the request: that was no fault of its.
        for patience in [2, 4, 8, 16, 32] where await pail.calls(.putObject).isEmpty {
            let storage = try pail.hasty(patience: .seconds(patience))
            // Without a look whether the name is free: it alone may be late.
            let error = await failure {
                let options = SaveOptions(policy: .overwrite)
                _ = try await storage.save(meow, named: "cat.jpg", options: options)
            }
            #expect(error?.kind == .unavailable && error?.code == "")
            _ = await pail.waitForCalls(1, .putObject, atMost: .seconds(patience))
        }
        let puts = await pail.calls(.putObject).map(\.faults)
        #expect(puts.allSatisfy { $0 == ["silence"] } && !puts.isEmpty)
        #expect(try await pail.hasty().read("cat.jpg") == Array("meow".utf8))
    }

    @Test func `silence that ends is a closed connection, and another attempt succeeds`()
        async throws
    {
        try pail.spoil(.silence(milliseconds: 50), .headObject, times: 1)
        #expect(try await pail.hasty(attempts: 2).exists("cat.jpg") == false)
        #expect(await pail.waitForCalls(2, .headObject).count == 2)
    }

    // MARK: Replies that are odd

    @Test func `an invitation that nobody waits for is passed over`() async throws {
        let storage = try pail.hasty()
        try pail.spoil(.staleContinue, "*Object")
        // A look whether the name is free, a put and a get.
        try await storage.keep("cat.jpg")
        #expect(try await storage.read("cat.jpg") == cat)
        #expect(pail.faults.entries.map(\.applied) == [3])
    }

    @Test func `a wrong date alone does no harm`() async throws {
        let storage = try pail.hasty()
        try pail.spoil(.skew(seconds: 86_400 * 400), "*")
        try await storage.keep("cat.jpg")
        let modified = try #require(try await storage.stat("cat.jpg")?.modified)
        #expect(abs(modified.timeIntervalSinceNow) < 60)
        let dates = await pail.calls().compactMap { call in
            call.responseHeaders.first { $0.name.lowercased() == "date" }?.value
        }
        let date = try #require(dates.last.flatMap { HTTPDate.parse($0) })
        let days = Double(date.milliseconds) / 86_400_000 - Date().timeIntervalSince1970 / 86_400
        #expect(dates.count == 3 && abs(days - 400) < 0.1)
    }

    @Test func `who is told that the clock is wrong believes the date of the reply`() async throws {
        let storage = try pail.hasty(attempts: 3)
        let late = FaultEffect.error(.requestTimeTooSkewed, isCarriedOut: false)
        try pail.spoil(late, .putObject, times: 1)
        try await storage.keep("cat.jpg")
        #expect(await pail.calls(.putObject).map(\.status) == [403, 200])

        // With a wrong date it signs 400 days ahead from now on, which the daemon then refuses by itself.
        pail.faults.clear()
        try pail.spoil(.skew(seconds: 86_400 * 400), .getObject)
        try pail.spoil(late, .getObject, times: 1)
        let error = await failure { _ = try await storage.read("cat.jpg") }
        #expect(error?.kind == .accessDenied && error?.code == "RequestTimeTooSkewed")
        let calls = await pail.calls(.getObject)
        #expect(calls.map(\.faults) == [["skew", "error"], ["skew"]])
    }

    // MARK: Chance

    @Test func `the same seed gives the same run, in any tenant, and another seed another`()
        async throws
    {
        func run(_ pail: PailTenant, seed: UInt64) async throws -> [String] {
            pail.faults.clear(seed: seed)
            for (effect, probability) in [
                (FaultEffect.error(.slowDown, isCarriedOut: false), 0.2),
                (.reset(afterBytes: nil), 0.2), (.flip(atByte: nil), 0.5),
            ] {
                _ = try pail.faults.add(
                    FaultRule(
                        effect,
                        operation: "GetObject",
                        turn: FaultRule.Turn(probability: probability)
                    )
                )
            }
            let storage = try pail.hasty()
            var outcomes: [String] = []
            for _ in 0..<40 {
                outcomes.append(await storage.outcome("cat.jpg", range: 0..<1000))
            }
            return outcomes + pail.faults.entries.map { "\($0.met) met, \($0.applied) applied" }
        }
        try await pail.hasty().keep("cat.jpg")
        let first = try await run(pail, seed: 11)
        #expect(Set(first).isSuperset(of: ["ok", "SlowDown", "unavailable"]))
        #expect(first.contains { $0.contains(" by ") })
        #expect(try await run(pail, seed: 11) == first)
        #expect(try await run(pail, seed: 12) != first)
        let other = try await pail.fork()
        #expect(try await run(other, seed: 11) == first)
        try await other.drop()
    }
}
