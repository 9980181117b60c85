internal import Glibc
internal import Logging
internal import S3Protocol
internal import SQLite

extension Store {
    /// Copies the store as it is at one moment, while it is used, into a folder that it can be opened in.
    ///
    /// Everything that was acknowledged before is in it. The blobs are the same files under other names where the folder
    /// lies on the same file system: they never change, so neither store sees what the other does.
    ///
    /// - Parameters:
    ///   - path: The folder, made where it is missing; it must be empty.
    ///   - copying: Whether to copy blobs also where another name would do.
    ///   - progress: Told how far it is, often.
    /// - Returns: What the copy holds.
    /// - Throws: ``BackupError``, ``IOError``, what reading the index throws, `CancellationError`. What was copied by then
    ///   stays, and is refused by whoever opens it.
    public func backUp(
        to path: String,
        copying: Bool = false,
        progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> BackupReport {
        guard let source = configuration.folder else { throw BackupError.inMemory }
        guard !Self.lies(path, in: source) else { throw BackupError.inside(path) }
        return try await withTaskExecutorPreference(workers) {
            try await makeBackup(of: source, in: path, copying, progress)
        }
    }

    private func makeBackup(
        of source: String,
        in path: String,
        _ copying: Bool,
        _ progress: @Sendable (WorkProgress) -> Void
    ) async throws -> BackupReport {
        let folder = try BackupFolder(path)
        // From before the moment that is copied: nothing that it names goes.
        let held = HeldBlobs(sweeper)
        defer { withExtendedLifetime(held) {} }
        progress(WorkProgress("index"))
        let copy = try folder.makeIndex()
        let blobs = try index.readTogether { connection in
            let blobs = try connection.namedBlobs()
            try connection.copy(to: copy)
            return blobs
        }
        try Connection(copy).noteCopy()
        for name in BackupFolder.companions { try folder.addCompanion(name, from: source) }
        let total = blobs.reduce(0) { $0 &+ $1.size }
        var report = BackupReport()
        for blob in blobs {
            try Task.checkCancellation()
            do throws(IOError) {
                let file = OpenBlob(try files.open(blob.name))
                if try folder.add(file, as: blob.name, copying: copying) { report.linked += 1 }
                report.blobs += 1
                report.bytes += blob.size
            } catch {
                guard error.errno == ENOENT else { throw error }
                report.missing.append(blob.name)
            }
            progress(WorkProgress("blobs", done: report.bytes, total: total))
        }
        try folder.finish(saying: report.text(at: configuration.time.now().milliseconds))
        return report
    }

    /// Whether a folder is another, or lies in it, wherever links lead.
    private static func lies(_ path: String, in folder: String) -> Bool {
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        var place = stat()
        var wanted = stat()
        guard unsafe stat(folder, &wanted) == 0 else { return false }
        while true {
            if unsafe stat(path, &place) == 0, place.st_dev == wanted.st_dev,
                place.st_ino == wanted.st_ino
            {
                return true
            }
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
                return false
            }
            path = String(path[..<slash])
        }
    }
}

extension BackupReport {
    /// What the marker says.
    fileprivate func text(at moment: Int64) -> String {
        "finished \(moment)\nblobs \(blobs)\nbytes \(bytes)\nmissing \(missing.count)\n"
    }
}

/// A blob in a file of its own.
private struct NamedBlob: Sendable {
    let name: String
    let size: Int64
}

extension Connection {
    fileprivate func namedBlobs() throws -> [NamedBlob] {
        try all("SELECT name, size FROM blobs WHERE name IS NOT NULL ORDER BY id") {
            NamedBlob(name: $0.text(0), size: $0.integer(1))
        }
    }
}
