import HTTPMessage
import NIOCore
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(5)))
struct BodyQueueTests {
    private let budget = BodyBudget(bytes: 1_000_000)
    private let signals = Log<BodyQueue.Signal>()

    private func makeQueue(high: Int = 1000, low: Int = 100, floor: Int = 10) -> BodyQueue {
        var limits = HTTPLimits()
        limits.bodyHighWatermark = high
        limits.bodyLowWatermark = low
        limits.bodyFloor = floor
        return BodyQueue(limits: limits, budget: budget) { [signals] in signals.append($0) }
    }

    private func piece(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 1, count: count) }

    @Test func `pieces come out in order, small ones joined, then the end`() async throws {
        let queue = makeQueue()
        for text in ["a", "b", "c"] { _ = queue.append(ByteBuffer(string: text)) }
        queue.finish()
        #expect(try await queue.next() == ByteBuffer(string: "abc"))
        #expect(try await queue.next() == nil)
        #expect(try await queue.next() == nil)
        #expect(signals.elements == [.asked])
    }

    @Test func `a large piece is handed over without a copy`() async throws {
        let queue = makeQueue(high: 1_000_000)
        let large = piece(100_000)
        _ = queue.append(piece(3))
        _ = queue.append(large)
        _ = queue.append(piece(5))
        #expect(try await queue.next()?.readableBytes == 3)
        let same = try await queue.next()
        #expect(unsafe same?.viewAddress == large.viewAddress)
        #expect(try await queue.next()?.readableBytes == 5)
    }

    @Test func `it is full at the high watermark and has room again at the low one`() async throws {
        let queue = makeQueue(high: 200_000, low: 70_000)
        #expect(!queue.append(piece(70_000)))
        #expect(!queue.append(piece(70_000)))
        #expect(queue.append(piece(70_000)))
        #expect(budget.used == 210_000)
        _ = try await queue.next()
        #expect(signals.elements == [.asked])
        _ = try await queue.next()
        #expect(signals.elements == [.asked, .emptied])
        // What the reader has counts until it asks for more.
        #expect(budget.used == 140_000)
    }

    // One read brings many TLS records: what comes after the queue was full must not make it forget
    // that the connection waits for room, or both wait for each other for ever.
    @Test func `once full, it stays so until the low watermark, whatever still arrives`()
        async throws
    {
        let queue = makeQueue(high: 200_000, low: 70_000)
        for _ in 0..<2 { _ = queue.append(piece(100_000)) }
        _ = try await queue.next()
        #expect(queue.append(piece(70_000)))
        #expect(signals.elements == [.asked])
        _ = try await queue.next()
        #expect(signals.elements == [.asked, .emptied])
        #expect(!queue.append(piece(70_000)))
    }

    @Test func `it is full at once when the budget is taken`() async throws {
        let other = makeQueue(high: 2_000_000)
        _ = other.append(piece(1_000_000))
        let queue = makeQueue()
        #expect(queue.append(piece(10)))
        _ = try await queue.next()
        #expect(signals.elements == [.asked, .emptied])
    }

    @Test func `what is not read is given back to the budget`() async throws {
        do {
            let queue = makeQueue()
            _ = queue.append(piece(10))
            queue.fail(.malformed)
            #expect(budget.used == 0)
            await #expect(throws: HTTPBodyError.malformed) { try await queue.next() }
            let dropped = makeQueue()
            _ = dropped.append(piece(10))
        }
        #expect(budget.used == 0)
    }

    @Test func `a reader that waits gets what comes`() async throws {
        let queue = makeQueue()
        async let first = queue.next()
        #expect(await signals.next() == .asked)
        while queue.waitingSince == nil { await Task.yield() }
        #expect(!queue.append(piece(5000)))
        #expect(try await first?.readableBytes == 5000)
        #expect(queue.waitingSince == nil && budget.used == 5000)
        let second = Task { try await queue.next() }
        while queue.waitingSince == nil { await Task.yield() }
        #expect(budget.used == 0)
        queue.fail(.stalled)
        await #expect(throws: HTTPBodyError.stalled) { try await second.value }
    }

    @Test func `a reader whose task is cancelled stops waiting`() async throws {
        let queue = makeQueue()
        let reader = Task { try await queue.next() }
        while queue.waitingSince == nil { await Task.yield() }
        reader.cancel()
        await #expect(throws: HTTPBodyError.connectionClosed) { try await reader.value }
        await #expect(throws: HTTPBodyError.connectionClosed) { try await queue.next() }
    }
}

extension ByteBuffer {
    fileprivate var viewAddress: UnsafeRawPointer? {
        unsafe withUnsafeReadableBytes { $0.baseAddress }
    }
}
