internal import CSQLite

/// A prepared statement; it is finalized with its last reference.
@safe final class Statement {
    let pointer: OpaquePointer
    private let connection: OpaquePointer
    let sql: String
    /// Whether somebody steps through its rows.
    var isInUse = true

    /// Compiles a statement that will be run often.
    init(_ sql: String, on connection: OpaquePointer) throws(SQLiteError) {
        var pointer: OpaquePointer?
        let result = unsafe sqlite3_prepare_v3(
            connection,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &pointer,
            nil
        )
        guard result == SQLITE_OK, let pointer = unsafe pointer else {
            throw unsafe SQLiteError(result, on: connection, sql: sql)
        }
        unsafe self.pointer = unsafe pointer
        unsafe self.connection = unsafe connection
        self.sql = sql
    }

    deinit { unsafe sqlite3_finalize(pointer) }

    /// Gives its parameters their values, counted from 1 in SQL and from 0 here.
    func bind(_ values: [Value]) throws(SQLiteError) {
        for (offset, value) in values.enumerated() {
            let result = bind(value, at: Int32(truncatingIfNeeded: offset + 1))
            guard result == SQLITE_OK else {
                throw unsafe SQLiteError(result, on: connection, sql: sql)
            }
        }
    }

    /// SQLite copies text and bytes at once, so that no pointer outlives this call.
    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(pointer, index)
        case .integer(let value): return unsafe sqlite3_bind_int64(pointer, index, value)
        case .real(let value): return unsafe sqlite3_bind_double(pointer, index, value)
        case .text(var value):
            guard !value.isEmpty else {
                return unsafe sqlite3_bind_text(pointer, index, "", 0, copied)
            }
            return value.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) {
                    unsafe sqlite3_bind_text64(
                        pointer,
                        index,
                        $0.baseAddress,
                        UInt64($0.count),
                        copied,
                        UInt8(SQLITE_UTF8)
                    )
                }
            }
        case .blob(let value):
            // A null pointer would bind NULL in place of no bytes.
            guard !value.isEmpty else { return unsafe sqlite3_bind_zeroblob(pointer, index, 0) }
            return unsafe value.withUnsafeBytes {
                unsafe sqlite3_bind_blob64(
                    pointer,
                    index,
                    $0.baseAddress,
                    UInt64($0.count),
                    copied
                )
            }
        }
    }

    /// Moves to the next row; `false` when there is none.
    func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw unsafe SQLiteError(result, on: connection, sql: sql)
        }
    }

    /// How many instructions of SQLite's machine it has run since it was compiled.
    var machineSteps: Int64 {
        Int64(unsafe sqlite3_stmt_status(pointer, SQLITE_STMTSTATUS_VM_STEP, 0))
    }

    /// Makes it ready for the next time, which also ends its read transaction.
    ///
    /// The result repeats an error that `step` has thrown already.
    func reset() {
        unsafe sqlite3_reset(pointer)
        unsafe sqlite3_clear_bindings(pointer)
    }
}
