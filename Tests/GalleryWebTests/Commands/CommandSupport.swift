import Foundation
import GalleryWeb
import Synchronization

/// What a command wrote.
final class Written: Sendable {
    private let pieces = Mutex("")
    var text: String { pieces.withLock { $0 } }

    func output(isTerminal: Bool = false) -> CommandOutput {
        CommandOutput(isTerminal: isTerminal) { text in self.pieces.withLock { $0 += text } }
    }
}

/// A folder of media, gone with the test.
final class MediaTree: Sendable {
    let path: String

    init(_ files: [String: String]) throws {
        path = FileManager.default.temporaryDirectory
            .appending(path: "gallery-import-\(UUID().uuidString)").path()
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }
}
