internal import Logging

/// What a scrub found, from blob to blob.
public enum ScrubEvent: Sendable, Hashable {
    /// Bytes were read; they are counted whatever becomes of the blob.
    case read(bytes: Int)
    /// A blob was found to be what was written.
    case verified
    /// A blob could not be compared in full: its key is not here.
    case locked
    /// A blob was found to be bad; whoever reads it gets an error from now on.
    case bad(Finding)
}

extension Store {
    /// Reads every blob once, slowly, and notes those that are not what was written.
    ///
    /// Nothing is moved and nothing deleted. What was noted before and is found to be sound is forgiven.
    ///
    /// - Parameters:
    ///   - bytesPerSecond: How much to read in a second.
    ///   - tell: Told of everything that is found.
    /// - Throws: `CancellationError`; ``IOError`` and what the index throws, where the pass cannot go on.
    public func scrub(
        bytesPerSecond: Int64,
        tell: @escaping @Sendable (ScrubEvent) -> Void
    ) async throws {
        try await withTaskExecutorPreference(workers) {
            var pace = Pace(bytesPerSecond: bytesPerSecond) { tell(.read(bytes: $0)) }
            try await BlobPass(store: self).run(pace: &pace) { [self] blob, verdict in
                tell(try await note(verdict, on: blob))
            }
        }
    }

    private func note(_ verdict: BlobCheck.Verdict, on blob: Blob) async throws -> ScrubEvent {
        let damage: String?
        switch verdict {
        case .locked: return .locked
        case .sound: damage = nil
        case .missing: damage = blob.damage ?? "its file is missing"
        case .damaged(let what): damage = what
        }
        if damage != blob.damage {
            try await index.write { try $0.setDamage(damage, ofBlob: blob.id) }
        }
        guard let damage else { return .verified }
        let objects = try index.read { try $0.users(ofBlob: blob.id) }
        let kind: Finding.Kind = verdict == .missing ? .missing : .damaged
        return .bad(Finding(kind, blob: blob.words, detail: damage, objects: objects))
    }
}
