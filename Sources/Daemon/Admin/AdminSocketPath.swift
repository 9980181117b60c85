import Glibc

/// The name under which the daemon's socket in a data folder can be bound and connected to.
///
/// A socket's address has room for 107 bytes of path. Where the folder's path is longer, the socket is
/// named through a descriptor of the folder, as `/proc/self/fd/N/admin.sock`, which always fits.
struct AdminSocketPath: ~Copyable {
    /// A path that fits, for as long as this value lives.
    let path: String
    private let folder: CInt?

    private static let longest = 107

    /// Names the socket of a folder.
    ///
    /// - Throws: ``SystemError`` where the folder's path is too long and it cannot be opened.
    init(inFolder folder: String) throws(SystemError) {
        let direct = "\(folder)/admin.sock"
        if direct.utf8.count <= Self.longest {
            path = direct
            self.folder = nil
        } else {
            let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
            let descriptor = try SystemError.check(unsafe open(folder, flags))
            path = "/proc/self/fd/\(descriptor)/admin.sock"
            self.folder = descriptor
        }
    }

    deinit {
        if let folder { close(folder) }
    }
}
