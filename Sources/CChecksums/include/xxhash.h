/// The three hashes of the xxHash family that S3 takes: fast, and for accidents alone.
///
/// [The algorithm](https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), with its seed 0.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Which hash: the number is that of its bits, 3 for XXH3 of 64.
typedef enum { checksums_xxh64 = 64, checksums_xxh3 = 3, checksums_xxh128 = 128 } checksums_xxh_kind;

/// A hash of bytes that arrive in pieces. It belongs to one thread at a time.
typedef struct checksums_xxh checksums_xxh;

/// Starts a hash of nothing yet; NULL where there is no memory.
checksums_xxh *checksums_xxh_new(checksums_xxh_kind kind);

/// Adds bytes.
void checksums_xxh_update(checksums_xxh *hash, const void *bytes, size_t count);

/// Writes the hash of the bytes so far, most significant byte first: 8 bytes, of XXH128 16. More may be added after it.
void checksums_xxh_digest(const checksums_xxh *hash, uint8_t *digest);

/// Frees it.
void checksums_xxh_free(checksums_xxh *hash);
