#pragma once

// What Linux has and the Glibc module of Swift leaves out.

/// A file in memory that has no name and goes with its last descriptor.
int memfd_create(const char *name, unsigned int flags);

static const unsigned int close_on_exec = 1U; // MFD_CLOEXEC

/// Renames a file, and does not replace another.
int renameat2(int old_folder, const char *old_name, int new_folder, const char *new_name, unsigned int flags);

static const unsigned int rename_without_replacing = 1U; // RENAME_NOREPLACE
