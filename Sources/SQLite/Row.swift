internal import CSQLite

/// The row that a statement stands on, readable until the closure it was given to returns.
///
/// Columns are counted from 0. A value of another type is converted as SQLite converts it.
public struct Row: ~Copyable {
    private let statement: Statement

    init(_ statement: Statement) { self.statement = statement }

    var pointer: OpaquePointer { unsafe statement.pointer }

    /// Whether the column holds no value.
    public func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(statement.pointer, column) == SQLITE_NULL
    }

    /// The column as an integer; NULL is 0.
    public func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(statement.pointer, column)
    }

    /// The column as a boolean; NULL and 0 are false.
    public func boolean(_ column: Int32) -> Bool { integer(column) != 0 }

    /// The column as a double; NULL is 0.
    public func real(_ column: Int32) -> Double {
        unsafe sqlite3_column_double(statement.pointer, column)
    }

    /// The column as text; NULL is empty.
    public func text(_ column: Int32) -> String {
        unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The column's bytes; NULL is empty.
    public func blob(_ column: Int32) -> [UInt8] {
        unsafe withBytes(column) { unsafe Array($0) }
    }

    /// The column as an integer, or `nil` where it is NULL.
    public func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : integer(column)
    }

    /// The column as text, or `nil` where it is NULL.
    public func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The column's bytes, or `nil` where it is NULL.
    public func optionalBlob(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }

    /// Lends the column's bytes without copying them; the buffer dies with the closure.
    public func withBytes<T>(
        _ column: Int32,
        _ body: (UnsafeRawBufferPointer) throws -> T
    ) rethrows -> T {
        // The pointer first, then the length: the order SQLite asks for.
        let start = unsafe sqlite3_column_blob(statement.pointer, column)
        let count = unsafe Int(sqlite3_column_bytes(statement.pointer, column))
        return try unsafe body(
            UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
        )
    }
}
