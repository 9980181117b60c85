#pragma once

// What Linux has and the Glibc module of Swift leaves out.

/// A file in memory that has no name and goes with its last descriptor.
int memfd_create(const char *name, unsigned int flags);

static const unsigned int close_on_exec = 1U; // MFD_CLOEXEC

/// Renames a file, and does not replace another.
int renameat2(int old_folder, const char *old_name, int new_folder, const char *new_name, unsigned int flags);

static const unsigned int rename_without_replacing = 1U; // RENAME_NOREPLACE

/// Begins to write a part of a file to its disk, and may return before that is done.
int sync_file_range(int file, long offset, long count, unsigned int flags);

static const unsigned int begin_write_out = 2U; // SYNC_FILE_RANGE_WRITE

/// Writes all that the file system of a file has not written yet, and returns once it is on its disk.
int syncfs(int file);
