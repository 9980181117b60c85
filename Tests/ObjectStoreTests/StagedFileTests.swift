import Foundation
import Synchronization
import Testing

@testable import ObjectStore

@Suite struct StagedFileTests {
    @Test func `the disk begins with a large file before it is whole, each part once`() throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let files = FaultyFileSystem(try DiskFileSystem(folder.path(), syncs: true))
        let file = try StagedFile("large", in: files)
        let (step, piece) = (StagedFile.writeOutSize, 3 * 1024 * 1024)
        let bytes = [UInt8](repeating: 7, count: piece)
        for _ in 0..<7 { try unsafe bytes.withUnsafeBytes { try unsafe file.append($0) } }
        let begun = files.writtenOut.withLock { $0 }
        #expect(begun == [0..<step, step..<2 * step])

        try file.publish()
        file.keep()
        let blob = folder.appending(path: "blobs/large").path()
        #expect(try FileManager.default.attributesOfItem(atPath: blob)[.size] as? Int == 7 * piece)
    }
}
