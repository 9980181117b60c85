#pragma once
#include <sqlite3.h>

/// Closing this connection never checkpoints. (Swift cannot call `sqlite3_db_config`, which is variadic.)
static inline int csqlite_never_checkpoint_on_close(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
