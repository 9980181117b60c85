#pragma once

// SQLite's way to the disk, with a call in it that fails: for tests alone.

/// What the chosen call does in the place of its work.
enum sqlite_fault {
    /// Reads, writes, truncations, syncs and opens count; the chosen one fails as a broken disk does.
    sqlite_fault_io_error = 0,
    /// Writes count; the chosen one finds no room.
    sqlite_fault_full = 1,
    /// Writes count; the chosen one finds room for half of its bytes.
    sqlite_fault_short_write = 2,
    /// Opens count; the chosen one is one too many.
    sqlite_fault_too_many_files = 3,
    /// Syncs count.
    sqlite_fault_sync = 4,
    /// Writes count; the chosen one exceeds a quota.
    sqlite_fault_quota = 5,
};

/// Puts itself before the disk, for every database that is opened from now on; once is enough.
void sqlite_faults_install(void);

/// Fails the Nth call from now on of a file whose path begins with `folder`, and all after it where `forever`.
void sqlite_faults_arm(const char *folder, int number, enum sqlite_fault fault, int forever);

/// After each sync of a file in `folder`, keeps a copy of it as it is on the disk for sure, with `-durable` behind its name.
///
/// NULL ends that.
void sqlite_faults_watch(const char *folder);

/// Lets nothing fail any more, and answers how many calls did.
int sqlite_faults_disarm(void);
