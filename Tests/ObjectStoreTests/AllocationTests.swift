import Foundation
import Synchronization
import Testing

@testable import ObjectStore

@Suite struct AllocationTests {
    private static let size: Int64 = 300_000

    /// The length of a file that was given room, and the room that it has on the disk.
    private func fill(answering answers: [CInt]) throws -> (length: Int64, room: Int64) {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let file = try Descriptor(folder.appending(path: "f").path(), O_RDWR | O_CREAT)
        let left = Mutex(answers)
        try Allocation.fill(file.number, to: Self.size) { file, size in
            let answer = left.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            return answer ?? posix_fallocate(file, 0, off_t(size))
        }
        var status = stat()
        unsafe fstat(file.number, &status)
        return (Int64(status.st_size), Int64(status.st_blocks) * 512)
    }

    @Test(arguments: [[], [EINTR, EINTR], [EOPNOTSUPP], [EINVAL], [ENOSYS], [EINTR, EOPNOTSUPP]])
    func `a file gets its room, also after a signal and where the system cannot be asked for it`(
        answers: [CInt]
    ) throws {
        let got = try fill(answering: answers)
        #expect(got.length == Self.size && got.room >= Self.size)
    }

    @Test(arguments: [ENOSPC, EDQUOT, EIO]) func `a disk without room says so`(reason: CInt) {
        #expect(throws: IOError(errno: reason, call: "fallocate")) {
            _ = try fill(answering: [reason])
        }
    }
}
