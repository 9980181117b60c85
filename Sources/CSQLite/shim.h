#pragma once
#include <sqlite3.h>

/// From here on nobody counts the library's memory, which costs each allocation a lock of the whole process.
/// (Variadic, like the next.) Does nothing where the library is in use already.
static inline int csqlite_never_count_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// Closing this connection never checkpoints. (Swift cannot call `sqlite3_db_config`, which is variadic.)
static inline int csqlite_never_checkpoint_on_close(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
