import Synchronization

/// How far an import is, told as a bar where a person looks.
final class ImportProgress: Sendable {
    /// How a file ended.
    enum End: Sendable {
        case uploaded, alreadyThere
        case failed(String)
    }

    private struct State {
        var report = ImportReport()
        var ended = 0
        var bytes: Int64 = 0
        /// Bytes of the files that are under way.
        var moving: [String: Int64] = [:]
        var shown = ""
    }

    private static let barLength = 24

    private let files: Int
    private let bytes: Int64
    private let output: CommandOutput
    private let state = Mutex(State())

    init(_ files: [LocalFile], _ output: CommandOutput) {
        self.files = files.count
        self.output = output
        bytes = files.reduce(0) { $0 + $1.size }
    }

    /// Some bytes of a file are stored.
    func move(_ file: LocalFile, to bytes: Int64) {
        state.withLock { state in
            state.moving[file.name] = bytes
            show(&state)
        }
    }

    /// A file is done with.
    func end(_ file: LocalFile, _ end: End) {
        state.withLock { state in
            state.moving[file.name] = nil
            state.ended += 1
            state.bytes += file.size
            switch end {
            case .uploaded:
                state.report.uploaded += 1
                state.report.uploadedBytes += file.size
            case .alreadyThere: state.report.alreadyThere += 1
            case .failed(let reason):
                state.report.failures.append(.init(name: file.name, reason: reason))
            }
            show(&state)
        }
    }

    /// What was done.
    func report(leftOut: [String]) -> ImportReport {
        var report = state.withLock { $0.report }
        report.leftOut = leftOut.sorted()
        report.failures.sort { $0.name < $1.name }
        return report
    }

    private func show(_ state: inout State) {
        let done = min(state.bytes + state.moving.values.reduce(0, +), bytes)
        let share = bytes > 0 ? Double(done) / Double(bytes) : 1
        let filled = Int(share * Double(Self.barLength))
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: ".", count: Self.barLength - filled)
        let line =
            "[\(bar)] \(Int(share * 100)) %  \(state.ended) of \(files) files, "
            + "\(Megabytes.text(done)) of \(Megabytes.text(bytes))"
        // A terminal is slow: what looks the same is not written again.
        guard line != state.shown else { return }
        state.shown = line
        output.status(line)
    }
}
