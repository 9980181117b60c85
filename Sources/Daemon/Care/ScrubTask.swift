import Logging
import ObjectStore
import Synchronization

/// How fast the bytes at rest are read and compared, if they are.
public enum ScrubRate: Sendable, Hashable {
    /// Not at all.
    case off
    /// So many bytes a second.
    case bytesPerSecond(Int64)

    /// What costs a disk next to nothing, and gets through a hundred gigabytes in seven hours.
    public static let standard = ScrubRate.bytesPerSecond(4 << 20)
}

/// What scrubbing has found since the daemon was started.
public struct ScrubCounts: Sendable, Hashable {
    /// How many times all blobs were read.
    public var passes: Int64 = 0
    /// How many blobs were found to be what was written.
    public var verified: Int64 = 0
    /// How many bytes were read.
    public var bytes: Int64 = 0
    /// How often a blob was found to be bad; one that stays so is found in every pass.
    public var bad: Int64 = 0
    /// How often a blob could not be compared in full, because its key is not here.
    public var locked: Int64 = 0

    /// Counts nothing.
    public init() {}
}

/// Reads all blobs in the background, slowly, again and again, and lets bad ones be known before they are asked for.
final class ScrubTask: Sendable {
    /// A daemon that has just started has other things to do, and one for a test has nothing worth it.
    private static let delay = Duration.seconds(60)
    /// Between two passes.
    private static let pause = Duration.seconds(24 * 60 * 60)

    private let task: Task<Void, Never>?

    init(
        _ store: Store,
        rate: ScrubRate,
        counter: ScrubCounter,
        delay: Duration = ScrubTask.delay,
        pause: Duration = ScrubTask.pause,
        logger: Logger
    ) {
        guard case .bytesPerSecond(let rate) = rate else {
            task = nil
            return
        }
        task = Task {
            var wait = delay
            while (try? await Task.sleep(for: wait)) != nil {
                do {
                    try await store.scrub(bytesPerSecond: rate) { event in
                        counter.add(event)
                        if case .bad(let finding) = event { logger.error(finding) }
                    }
                    counter.finishPass()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Scrubbing stopped, and begins anew later: \(error)")
                }
                wait = pause
            }
        }
    }

    /// Ends after the piece that is being read.
    func stop() async {
        task?.cancel()
        await task?.value
    }
}

/// The counts, for those who add to them and those who ask.
final class ScrubCounter: Sendable {
    private let kept = Mutex(ScrubCounts())

    var counts: ScrubCounts { kept.withLock { $0 } }

    func add(_ event: ScrubEvent) {
        kept.withLock { counts in
            switch event {
            case .read(let bytes): counts.bytes &+= Int64(bytes)
            case .verified: counts.verified += 1
            case .locked: counts.locked += 1
            case .bad: counts.bad += 1
            }
        }
    }

    func finishPass() { kept.withLock { $0.passes += 1 } }
}

extension Logger {
    fileprivate func error(_ finding: Finding) {
        error(
            "A blob is bad, and reads of it fail: \(finding.detail)",
            metadata: [
                "blob": "\(finding.blob ?? "")",
                "objects": "\(finding.objects.joined(separator: ", "))",
            ]
        )
    }
}
