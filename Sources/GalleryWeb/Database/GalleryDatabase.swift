import GRDB
import Glibc

/// The gallery's database: an SQLite file with its users, posts and sessions.
public struct GalleryDatabase: Sendable {
    let writer: any DatabaseWriter

    /// How long a statement waits for another process that writes, such as `gallery createsuperuser`, in seconds.
    static let patience = 5.0

    /// Opens a database file, or makes an empty one.
    ///
    /// The file can be read by its owner alone, because it holds password hashes.
    ///
    /// - Throws: ``SiteError`` where it cannot be opened.
    public init(path: String) throws {
        let file = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o600))
        guard file >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw SiteError(
                "The database \(path) cannot be opened: \(reason). GALLERY_DATABASE or --database names another."
            )
        }
        close(file)
        do {
            writer = try DatabasePool(path: path, configuration: Self.configuration)
        } catch {
            throw SiteError("The database \(path) cannot be used: \(error)")
        }
    }

    /// Makes a database in memory, for tests.
    ///
    /// - Throws: SQLite's error where there is no memory.
    public init() throws { writer = try DatabaseQueue(configuration: Self.configuration) }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        return configuration
    }
}
