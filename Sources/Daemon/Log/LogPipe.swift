import Glibc
import ObjectStore
import Synchronization

/// Writes lines to a descriptor, and never waits for whoever reads it.
///
/// Where there is room for it a line goes out at once, on the thread that logs it. Else it waits, with all lines behind it,
/// for a thread of its own to write it; lines that there is no memory for are dropped, and counted.
final class LogPipe: Sendable {
    /// How much may wait, in bytes.
    static let usualLimit = 1 << 20
    /// What a pipe that has room takes at once, in bytes.
    private static let piece = 4096
    /// How long an end waits for what waits.
    private static let patience = Duration.seconds(1)

    private struct State {
        var waiting: [UInt8] = []
        var lost = 0
        /// Whether the other thread writes, so that nobody else may.
        var isDraining = false
        var thread: WorkerPool?
    }

    private let file: CInt
    /// Whether it is a plain file, which always has room.
    private let isPlain: Bool
    private let limit: Int
    private let lineAboutLost: @Sendable (Int) -> String
    private let state = Mutex(State())
    private let drained = Bell()

    /// - Parameters:
    ///   - file: Where the lines go; it stays open.
    ///   - limit: How much may wait, in bytes.
    ///   - lineAboutLost: Says how many lines were dropped, in a line.
    init(
        _ file: CInt,
        limit: Int = usualLimit,
        lineAboutLost: @escaping @Sendable (Int) -> String
    ) {
        self.file = file
        self.limit = limit
        self.lineAboutLost = lineAboutLost
        var status = stat()
        isPlain = unsafe fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Writes a line, now or later.
    func write(_ line: String) {
        let bytes = Array(line.utf8)
        state.withLock { state in
            let rest = state.isDraining ? bytes[...] : writeWhileReady(bytes[...])
            guard !rest.isEmpty else { return }
            // What is left of a line that was begun follows it in any case.
            let isBegun = rest.count < bytes.count
            guard isBegun || state.waiting.count + rest.count <= limit else {
                state.lost += 1
                return
            }
            state.waiting += rest
            guard !state.isDraining else { return }
            state.isDraining = true
            let thread = state.thread ?? WorkerPool(threads: 1)
            state.thread = thread
            Task.detached(executorPreference: thread) { self.drain() }
        }
    }

    /// Waits for what waits to be written, but not long: nobody may be reading.
    func finish() async {
        let end = ContinuousClock.now + Self.patience
        while true {
            let seen = drained.rings
            let left = end - .now
            guard left > .zero, state.withLock({ $0.isDraining }) else { return }
            await drained.wait(after: seen, atMost: left)
        }
    }

    private func drain() {
        while let bytes = takeWaiting() { writeAll(bytes) }
        drained.ring()
    }

    private func takeWaiting() -> [UInt8]? {
        state.withLock { state in
            var bytes = state.waiting
            if state.lost > 0 { bytes += lineAboutLost(state.lost).utf8 }
            state.waiting = []
            state.lost = 0
            state.isDraining = !bytes.isEmpty
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// Writes what there is room for, and answers the rest.
    private func writeWhileReady(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while !rest.isEmpty, isPlain || isReady(within: 0) {
            guard let count = writeSome(isPlain ? rest : rest.prefix(Self.piece)) else { return [] }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return rest
    }

    /// Writes everything, however long that takes.
    private func writeAll(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard isReady(within: -1), let count = writeSome(rest) else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Answers how many bytes were written, 0 where there was no room after all, and `nil` where there never will be: a log
    /// that cannot be written must not stop what it tells of.
    private func writeSome(_ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            if count > 0 { return count }
            if count == 0 || errno == EAGAIN { return count == 0 ? nil : 0 }
            guard errno == EINTR else { return nil }
        }
    }

    /// Whether a write would not wait; after so many milliseconds at most, or at last where it is -1.
    private func isReady(within milliseconds: CInt) -> Bool {
        while true {
            var question = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            let answer = unsafe poll(&question, 1, milliseconds)
            if answer >= 0 || errno != EINTR { return answer != 0 }
        }
    }
}
