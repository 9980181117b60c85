import NIOCore
import Testing

@testable import HTTPServer

@Suite struct ReceiveAllocatorTests {
    private let limits = HTTPLimits()
    private let budget = BodyBudget(bytes: 16 * 1024 * 1024)

    /// An allocator that has learned that all it can read comes.
    private func makeGreedy() -> ReceiveAllocator {
        var allocator = ReceiveAllocator(limits: limits, isSecure: false, budget: budget)
        for _ in 0..<32 { _ = allocator.record(actualReadBytes: limits.receiveBytes) }
        return allocator
    }

    private func size(_ allocator: ReceiveAllocator) -> Int {
        allocator.buffer(allocator: ByteBufferAllocator()).capacity
    }

    private func makeBody() -> BodyQueue { BodyQueue(limits: limits, budget: budget) { _ in } }

    @Test func `a body alone is read a mebibyte at a time, and such a buffer is not kept`() {
        var allocator = makeGreedy()
        let body = makeBody()
        #expect(size(allocator) == limits.receiveBytes)
        #expect(allocator.nextBufferSize() == nil)
        let mayGrow = allocator.record(actualReadBytes: limits.receiveBytes)
        #expect(mayGrow)
        withExtendedLifetime(body) {}
    }

    @Test func `a connection that brings little keeps its buffer`() {
        var allocator = ReceiveAllocator(limits: limits, isSecure: false, budget: budget)
        for _ in 0..<32 { _ = allocator.record(actualReadBytes: 500) }
        #expect(allocator.nextBufferSize() == 2048)
        let grewAgain = allocator.record(actualReadBytes: 500)
        #expect(!grewAgain)
    }

    @Test func `many bodies share what there is, and have it back when they end`() {
        let allocator = makeGreedy()
        var bodies = (0..<64).map { _ in makeBody() }
        #expect(size(allocator) == 256 * 1024)
        bodies += (0..<1000).map { _ in makeBody() }
        #expect(size(allocator) == limits.bodyFloor)
        bodies = []
        #expect(size(allocator) == limits.receiveBytes)
    }

    @Test func `where the budget is taken each reads the least`() {
        let allocator = makeGreedy()
        budget.take(budget.bytes)
        #expect(size(allocator) == limits.bodyFloor)
        budget.give(budget.bytes)
        #expect(size(allocator) == limits.receiveBytes)
    }
}
