/// The three cyclic redundancy checks of S3, at the speed of memory where the processor can multiply
/// polynomials.
///
/// Each function takes the check of the bytes before (0 for none) and answers with the check of those bytes
/// followed by `count` more. All may be called from any thread at any time, with nothing prepared.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// CRC-32 (ISO 3309), as zlib and gzip have it.
uint32_t checksums_crc32(uint32_t crc, const void *bytes, size_t count);

/// CRC-32C (Castagnoli), as iSCSI has it.
uint32_t checksums_crc32c(uint32_t crc, const void *bytes, size_t count);

/// CRC-64/NVME, S3's own default.
uint64_t checksums_crc64nvme(uint64_t crc, const void *bytes, size_t count);

/// Whether this processor has the instructions of the fast kernel.
bool checksums_has_carryless_multiply(void);

/// The same three from the portable tables alone, for tests to compare the fast kernel with.
uint32_t checksums_crc32_portable(uint32_t crc, const void *bytes, size_t count);
uint32_t checksums_crc32c_portable(uint32_t crc, const void *bytes, size_t count);
uint64_t checksums_crc64nvme_portable(uint64_t crc, const void *bytes, size_t count);
