import NIOCore

/// Sizes the buffers that sockets are read into: by what the last reads brought, by how many bodies arrive at once, and
/// by what the ``BodyBudget`` has left.
///
/// A connection keeps a small buffer to read into it again. A large one belongs to the body that it brought, and ends
/// with it: kept, those of many connections would be most of the process's memory.
struct ReceiveAllocator: RecvByteBufferAllocator {
    private var adaptive: AdaptiveRecvByteBufferAllocator
    private let budget: BodyBudget
    private let floor: Int
    private let keptBytes: Int

    init(limits: HTTPLimits, isSecure: Bool, budget: BodyBudget) {
        let receiveBytes = isSecure ? limits.secureReceiveBytes : limits.receiveBytes
        adaptive = AdaptiveRecvByteBufferAllocator(
            minimum: min(2048, receiveBytes),
            initial: min(16384, receiveBytes),
            maximum: receiveBytes
        )
        self.budget = budget
        floor = limits.bodyFloor
        keptBytes = limits.keptReceiveBytes
    }

    private var size: Int {
        let wanted = adaptive.nextBufferSize() ?? floor
        return min(wanted, budget.isExhausted ? floor : max(floor, budget.share))
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size) }

    /// No size where the buffer must not be kept.
    func nextBufferSize() -> Int? { size <= keptBytes ? size : nil }

    /// Whether the next buffer must be a new one, where no size is told.
    mutating func record(actualReadBytes: Int) -> Bool {
        adaptive.record(actualReadBytes: actualReadBytes) || size > keptBytes
    }
}
