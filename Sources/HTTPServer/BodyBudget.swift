import Synchronization

/// The memory that request bodies share which wait for their readers, or are with them.
///
/// While there is some left, a connection may hold up to its high watermark; when it is taken, each
/// holds little, so that many slow readers make uploads slow and never the process large.
public final class BodyBudget: Sendable {
    /// The budget of this process: 16 MiB.
    public static let process = BodyBudget(bytes: 16 * 1024 * 1024)

    /// How much there is, in bytes.
    public let bytes: Int
    private let taken = Atomic(0)
    private let bodies = Atomic(0)

    /// Makes a budget.
    public init(bytes: Int) { self.bytes = bytes }

    /// How much of it is in use, in bytes.
    ///
    /// It may go beyond the whole by what each connection always may hold.
    public var used: Int { taken.load(ordering: .relaxed) }

    var isExhausted: Bool { used >= bytes }

    /// What one of the bodies under way may have where all have the same, in bytes.
    var share: Int { bytes / max(1, bodies.load(ordering: .relaxed)) }

    func bodyBegan() { bodies.wrappingAdd(1, ordering: .relaxed) }
    func bodyEnded() { bodies.wrappingSubtract(1, ordering: .relaxed) }
    func take(_ count: Int) { taken.wrappingAdd(count, ordering: .relaxed) }
    func give(_ count: Int) { taken.wrappingSubtract(count, ordering: .relaxed) }
}
