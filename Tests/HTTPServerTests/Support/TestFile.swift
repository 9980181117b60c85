import Foundation
import HTTPMessage
import NIOCore
import NIOPosix

@testable import HTTPServer

/// A file in the temporary folder whose bytes are known.
final class TestFile: Sendable {
    let path: String
    let bytes: ByteBuffer

    init(size: Int) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "file-\(UUID())").path
        // A period that no buffer size is a multiple of.
        let pattern = ByteBuffer(bytes: (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        var all = ByteBuffer()
        while all.readableBytes < size { all.writeImmutableBuffer(pattern) }
        bytes = all.readSlice(length: size) ?? ByteBuffer()
        try Data(bytes.readableBytesView).write(to: URL(filePath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A run of the newly opened file: all of it, or more than there is.
    func slice(count: Int? = nil) throws -> FileSlice {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileReadNoSuchFile) }
        let file = OpenFile(owning: descriptor)
        return FileSlice(file: file, offset: 0, count: count ?? bytes.readableBytes)
    }

    /// How many descriptors of this process are open on the file.
    var openDescriptors: Int {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"))
                == path
        }
    }
}

/// Waits until every event loop has done what it was about to do.
func everyLoopTurned() async throws {
    for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
        try await loop.submit {}.get()
    }
}

extension HTTPServer {
    /// Waits until no connection is open.
    func gateIsEmpty() async { await gate.waitUntilEmpty() }
}
