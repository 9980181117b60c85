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

    /// No size while the budget is taken: a connection keeps its last buffer to read into it again, and one that was made
    /// when there was room must not be kept then.
    func nextBufferSize() -> Int? { budget.isExhausted ? nil : size }

    /// Whether the next buffer must be a new one, where no size is told.
    mutating func record(actualReadBytes: Int) -> Bool {
        adaptive.record(actualReadBytes: actualReadBytes) || budget.isExhausted
    }
}
