import NIOCore

/// Sizes the buffers that sockets are read into: by what the last reads brought, and by what the
/// ``BodyBudget`` has left.
struct ReceiveAllocator: RecvByteBufferAllocator {
    private var adaptive: AdaptiveRecvByteBufferAllocator
    private let budget: BodyBudget
    private let floor: Int

    init(limits: HTTPLimits, isSecure: Bool, budget: BodyBudget) {
        let receiveBytes = isSecure ? limits.secureReceiveBytes : limits.receiveBytes
        adaptive = AdaptiveRecvByteBufferAllocator(
            minimum: min(2048, receiveBytes),
            initial: min(16384, receiveBytes),
            maximum: receiveBytes
        )
        self.budget = budget
        floor = limits.bodyFloor
    }

    private var size: Int {
        let wanted = adaptive.nextBufferSize() ?? floor
        return budget.isExhausted ? min(wanted, floor) : wanted
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size) }
    func nextBufferSize() -> Int? { size }

    mutating func record(actualReadBytes: Int) -> Bool {
        adaptive.record(actualReadBytes: actualReadBytes)
    }
}
