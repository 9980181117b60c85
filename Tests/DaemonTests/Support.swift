import Foundation
import Synchronization

@testable import Daemon

/// A folder of a test's own, gone with it.
final class TemporaryFolder: Sendable {
    let path: String

    /// Makes a folder whose path has at least so many bytes.
    init(pathLength: Int = 0) throws {
        var url = FileManager.default.temporaryDirectory
            .appending(path: "pail-test-\(UUID().uuidString)")
        base = url.path()
        while url.path().utf8.count < pathLength { url.append(path: "a-folder-in-a-folder") }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path()
    }

    private let base: String

    deinit { try? FileManager.default.removeItem(atPath: base) }

    /// Writes a file into the folder and tells its path.
    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    /// The permissions of a file in the folder.
    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions]
            as? Int
    }
}

/// The lines of a log, kept.
final class KeptLines: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func output(_ format: LogFormat = .text) -> LogOutput {
        LogOutput(format) { line in self.kept.withLock { $0.append(line) } }
    }
}
