internal import Glibc

/// An open file or folder, closed when it is dropped.
struct Descriptor: ~Copyable, Sendable {
    let number: CInt

    init(owning number: CInt) { self.number = number }

    /// Opens a path that begins at a folder.
    init(
        _ path: String,
        in folder: CInt = AT_FDCWD,
        _ flags: CInt,
        mode: mode_t = 0o600
    ) throws(IOError) {
        number = try IOError.check("open") {
            unsafe openat(folder, path, flags | O_CLOEXEC | O_NOCTTY, mode)
        }
    }

    /// Gives the descriptor away, to be closed by someone else.
    consuming func release() -> CInt {
        let number = number
        discard self
        return number
    }

    deinit { Glibc.close(number) }
}
