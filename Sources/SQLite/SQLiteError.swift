internal import CSQLite
internal import Glibc

/// What SQLite answered when it could not do what it was told.
public struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended result code, such as `SQLITE_IOERR_FSYNC`.
    public let extendedCode: Int32
    /// SQLite's own words.
    public let message: String
    /// The statement that failed, or `nil` where there was none.
    public let sql: String?
    /// The system's number for the reason, such as `EIO`, as far as SQLite knows one; else 0.
    public let systemError: Int32

    /// Describes a failure.
    public init(
        extendedCode: Int32,
        message: String,
        sql: String? = nil,
        systemError: Int32 = 0
    ) {
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
        self.systemError = systemError
    }

    /// The primary result code, such as `SQLITE_IOERR`.
    public var code: Int32 { extendedCode & 0xff }

    /// The disk, or a quota on it, is full.
    ///
    /// SQLite itself knows one number of the system's for that, and takes the others for a broken disk.
    public var isDiskFull: Bool {
        guard code != SQLITE_FULL else { return true }
        return isWriting && [ENOSPC, EDQUOT, EFBIG].contains(systemError)
    }
    /// The disk had no room for what was to be written.
    ///
    /// Of a sync that says so nobody knows what was written before.
    public var isUnwritten: Bool {
        isDiskFull && !(code == SQLITE_IOERR && extendedCode >> 8 == 4)
    }
    /// The operating system failed a read, a write or a sync, for another reason than a full disk.
    public var isInputOutput: Bool { code == SQLITE_IOERR && !isDiskFull }
    /// A write, a sync or a truncation failed.
    private var isWriting: Bool { code == SQLITE_IOERR && [3, 4, 6].contains(extendedCode >> 8) }
    /// The file is damaged or no database.
    public var isCorruption: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
    /// A constraint of the schema does not hold.
    public var isConstraint: Bool { code == SQLITE_CONSTRAINT }
    /// Another connection holds the lock that this one needs.
    public var isBusy: Bool { code == SQLITE_BUSY }

    /// Code, message and statement in one line.
    public var description: String {
        "SQLite error \(extendedCode): \(message)" + (sql.map { " in \"\($0)\"" } ?? "")
    }

    /// The error that a connection is in after a call returned `result`.
    init(_ result: Int32, on connection: OpaquePointer?, sql: String? = nil) {
        let extended = unsafe connection.map { unsafe sqlite3_extended_errcode($0) } ?? result
        let reason = unsafe connection.map { unsafe Self.reason(result, on: $0) } ?? 0
        let words = unsafe connection.map { unsafe sqlite3_errmsg($0) } ?? sqlite3_errstr(result)
        self.init(
            extendedCode: extended & 0xff == result & 0xff ? extended : result,
            message: unsafe words.map { unsafe String(cString: $0) } ?? "unknown",
            sql: sql,
            systemError: reason
        )
    }

    /// What the system said of the log or else of the database: SQLite forgets it of a commit that fails.
    private static func reason(_ result: Int32, on connection: OpaquePointer) -> Int32 {
        guard result & 0xff == SQLITE_IOERR else { return 0 }
        for pointer in [SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER] {
            var file: UnsafeMutablePointer<sqlite3_file>?
            unsafe sqlite3_file_control(connection, "main", pointer, &file)
            guard let file = unsafe file, let methods = unsafe file.pointee.pMethods else {
                continue
            }
            var reason: Int32 = 0
            _ = unsafe methods.pointee.xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason)
            if reason != 0 { return reason }
        }
        return 0
    }
}
