internal import Glibc

/// Room that a file really has on its disk: one that is only made longer has a hole, which holds nothing back.
enum Allocation {
    /// How much is written at a time where the file system cannot be asked for room, in bytes.
    private static let step = 64 * 1024

    /// Gives a new file its room.
    ///
    /// - Parameters:
    ///   - file: Its descriptor.
    ///   - size: How much, in bytes.
    ///   - ask: Asks the system for it, and answers 0 or the reason why not.
    /// - Throws: ``IOError``; what the file has by then it keeps.
    static func fill(
        _ file: CInt,
        to size: Int64,
        ask: (_ file: CInt, _ size: Int64) -> CInt = { posix_fallocate($0, 0, off_t($1)) }
    ) throws(IOError) {
        while true {
            switch ask(file, size) {
            case 0: return
            case EINTR: continue
            case EOPNOTSUPP, ENOSYS, EINVAL: return try write(file, size)
            case let reason: throw IOError(errno: reason, call: "fallocate")
            }
        }
    }

    /// Some network and copy-on-write file systems cannot be asked: what is written is there.
    private static func write(_ file: CInt, _ size: Int64) throws(IOError) {
        let zeros = [UInt8](repeating: 0, count: step)
        var written: Int64 = 0
        while written < size {
            let count = min(step, Int(size - written))
            written += try Int64(
                IOError.check("write") { unsafe pwrite(file, zeros, count, off_t(written)) }
            )
        }
    }
}
