import Foundation
import NIOCore

/// A folder of a test's own.
struct TestFolder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "client-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Writes a file, which goes with the value that is returned.
    func write(_ name: String, _ bytes: ByteBuffer) throws -> TestFile {
        let path = url.appending(path: name)
        try Data(bytes.readableBytesView).write(to: path)
        return TestFile(path: path.path(), folder: url)
    }
}

/// A file of a test's own, gone with it.
final class TestFile {
    let path: String
    private let folder: URL

    init(path: String, folder: URL) {
        self.path = path
        self.folder = folder
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}
