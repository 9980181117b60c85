internal import CSQLite

/// Tells the library to copy what it is given before it returns.
///
/// This is `SQLITE_TRANSIENT`, a macro that casts -1, which Swift does not import.
let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
