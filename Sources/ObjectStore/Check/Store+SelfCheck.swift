internal import Logging
internal import SQLite

extension Store {
    /// Why the store only reads, in words; `nil` where it can be written to.
    public var readOnlyReason: String? { health.trouble?.words }

    /// After the disk failed: finds out whether it works again and holds what was acknowledged, and lets writes be
    /// made again where both are so.
    ///
    /// The log is folded into the index, which writes anew whatever of it the disk may have missed; the index is
    /// checked, and every blob that it names is looked for; those of this start are read. Then a file is written as
    /// blobs are. A store that only reads because its index is damaged stays so.
    ///
    /// - Returns: Whether the store may be written to.
    public func verifyItself() async -> Bool {
        guard case .disk? = health.trouble else { return health.trouble == nil }
        let failures = health.failures
        do {
            try await withTaskExecutorPreference(workers) {
                try index.writer.use { try $0.checkpoint() }
                try requireSoundIndex()
                try await requireBlobs()
                try tryDisk()
            }
            return health.turnWritable(unlessFailedSince: failures)
        } catch {
            configuration.logger.warning("The store stays read-only: \(error)")
            return false
        }
    }

    private func requireSoundIndex() throws {
        let findings = try index.readTogether { try $0.integrityFindings() }
        guard let first = findings.first else { return }
        health.turnReadOnly(because: .index("the index is damaged: \(first.detail)"))
        throw VerificationFailed(reason: first.detail)
    }

    /// What this start wrote is read; the rest was on the disk before.
    private func requireBlobs() async throws {
        let prefix = names.prefix
        var pace = Pace()
        try await BlobPass(store: self).run(
            reading: { $0.fileName?.hasPrefix(prefix) ?? true },
            pace: &pace
        ) { blob, verdict in
            switch verdict {
            case .sound, .locked: return
            // Known, and no news of the disk.
            case .missing, .damaged:
                guard blob.damage == nil else { return }
                throw VerificationFailed(reason: "\(blob.words): \(verdict)")
            }
        }
    }

    private func tryDisk() throws {
        let file = try StagedFile(names.next(), in: files)
        try unsafe [UInt8](repeating: 0, count: 4096).withUnsafeBytes {
            try unsafe file.append($0)
        }
        try file.publish()
        file.discard()
    }
}

/// The store found that it is not what it should be.
private struct VerificationFailed: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}
