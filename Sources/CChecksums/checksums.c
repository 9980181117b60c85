#include "checksums.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// All three checks are "reflected": the lowest bit of a word is the coefficient of the highest power of x. A
// polynomial of 32 coefficients lies in the low half of a 64-bit word, so that one set of kernels serves all.

/// A check, made ready.
typedef struct {
    /// `table[k][b]` is what the byte `b` leaves after `k` more bytes of zeros.
    uint64_t table[8][256];
    /// x^(512+63) and x^(512-1): carry a 128-bit remainder over 64 bytes. The low word of a reflected
    /// remainder holds the higher powers, hence the larger exponent comes first; the product of two reflected
    /// words lies one bit too low, hence one less each.
    uint64_t over_64_bytes[2];
    /// x^(128+63) and x^(128-1): the same over 16 bytes.
    uint64_t over_16_bytes[2];
} check_t;

static check_t crc32, crc32c, crc64nvme;
static bool has_carryless_multiply;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

/// Multiplies a remainder by x.
static uint64_t times_x(uint64_t remainder, uint64_t polynomial) {
    return (remainder >> 1) ^ ((remainder & 1) ? polynomial : 0);
}

/// The remainder of x^exponent, where the kernels multiply: in a word's upper bits.
static uint64_t power_of_x(int exponent, uint64_t polynomial, int width) {
    uint64_t remainder = 1ULL << (width - 1);
    for (int i = 0; i < exponent; i++) remainder = times_x(remainder, polynomial);
    return remainder << (64 - width);
}

static void prepare_check(check_t *check, uint64_t polynomial, int width) {
    for (int byte = 0; byte < 256; byte++) {
        uint64_t remainder = (uint64_t)byte;
        for (int bit = 0; bit < 8; bit++) remainder = times_x(remainder, polynomial);
        check->table[0][byte] = remainder;
    }
    for (int k = 1; k < 8; k++) {
        for (int byte = 0; byte < 256; byte++) {
            uint64_t before = check->table[k - 1][byte];
            check->table[k][byte] = (before >> 8) ^ check->table[0][before & 0xff];
        }
    }
    check->over_64_bytes[0] = power_of_x(512 + 63, polynomial, width);
    check->over_64_bytes[1] = power_of_x(512 - 1, polynomial, width);
    check->over_16_bytes[0] = power_of_x(128 + 63, polynomial, width);
    check->over_16_bytes[1] = power_of_x(128 - 1, polynomial, width);
}

static void prepare(void) {
    prepare_check(&crc32, 0xEDB88320u, 32);
    prepare_check(&crc32c, 0x82F63B78u, 32);
    prepare_check(&crc64nvme, 0x9A6C9329AC4BC9B5u, 64);
#if defined(__x86_64__)
    has_carryless_multiply = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.2");
#endif
}

/// Eight bytes as a number, the first of them lowest.
static inline uint64_t load_word(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/// Eight bytes a step, one table for each of them.
static uint64_t run_tables(
    const check_t *check, uint64_t remainder, const uint8_t *bytes, size_t count
) {
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word = load_word(bytes) ^ remainder;
        remainder = check->table[7][word & 0xff] ^ check->table[6][(word >> 8) & 0xff]
            ^ check->table[5][(word >> 16) & 0xff] ^ check->table[4][(word >> 24) & 0xff]
            ^ check->table[3][(word >> 32) & 0xff] ^ check->table[2][(word >> 40) & 0xff]
            ^ check->table[1][(word >> 48) & 0xff] ^ check->table[0][word >> 56];
    }
    for (; count > 0; bytes++, count--) {
        remainder = (remainder >> 8) ^ check->table[0][(remainder ^ *bytes) & 0xff];
    }
    return remainder;
}

#if defined(__x86_64__)
#define CARRYLESS __attribute__((target("pclmul,sse4.2")))

/// Carries `remainder` over the distance of `powers` and adds the bytes that lie there.
CARRYLESS static inline __m128i fold(__m128i remainder, __m128i powers, const uint8_t *bytes) {
    __m128i low = _mm_clmulepi64_si128(remainder, powers, 0x00);
    __m128i high = _mm_clmulepi64_si128(remainder, powers, 0x11);
    __m128i added = _mm_loadu_si128((const __m128i *)bytes);
    return _mm_xor_si128(_mm_xor_si128(low, high), added);
}

/// Four remainders side by side, 64 bytes a step; then one, 16 bytes a step; the rest by tables.
///
/// V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009.
CARRYLESS static uint64_t run_carryless(
    const check_t *check, uint64_t remainder, const uint8_t *bytes, size_t count
) {
    if (count < 64) return run_tables(check, remainder, bytes, count);
    const __m128i far = _mm_loadu_si128((const __m128i *)check->over_64_bytes);
    const __m128i near = _mm_loadu_si128((const __m128i *)check->over_16_bytes);

    __m128i lanes[4];
    for (int i = 0; i < 4; i++) lanes[i] = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
    lanes[0] = _mm_xor_si128(lanes[0], _mm_set_epi64x(0, (long long)remainder));
    bytes += 64, count -= 64;

    for (; count >= 64; bytes += 64, count -= 64) {
        for (int i = 0; i < 4; i++) lanes[i] = fold(lanes[i], far, bytes + 16 * i);
    }
    uint8_t last[16];
    __m128i lane = lanes[0];
    for (int i = 1; i < 4; i++) {
        _mm_storeu_si128((__m128i *)last, lanes[i]);
        lane = fold(lane, near, last);
    }
    for (; count >= 16; bytes += 16, count -= 16) lane = fold(lane, near, bytes);

    _mm_storeu_si128((__m128i *)last, lane);
    remainder = run_tables(check, 0, last, sizeof last);
    return run_tables(check, remainder, bytes, count);
}
#endif

static uint64_t run(const check_t *check, uint64_t remainder, const void *bytes, size_t count) {
    pthread_once(&prepared, prepare);
#if defined(__x86_64__)
    if (has_carryless_multiply) return run_carryless(check, remainder, bytes, count);
#endif
    return run_tables(check, remainder, bytes, count);
}

static uint64_t run_portable(
    const check_t *check, uint64_t remainder, const void *bytes, size_t count
) {
    pthread_once(&prepared, prepare);
    return run_tables(check, remainder, bytes, count);
}

uint32_t checksums_crc32(uint32_t crc, const void *bytes, size_t count) {
    return ~(uint32_t)run(&crc32, (uint32_t)~crc, bytes, count);
}

uint32_t checksums_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return ~(uint32_t)run(&crc32c, (uint32_t)~crc, bytes, count);
}

uint64_t checksums_crc64nvme(uint64_t crc, const void *bytes, size_t count) {
    return ~run(&crc64nvme, ~crc, bytes, count);
}

uint32_t checksums_crc32_portable(uint32_t crc, const void *bytes, size_t count) {
    return ~(uint32_t)run_portable(&crc32, (uint32_t)~crc, bytes, count);
}

uint32_t checksums_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
    return ~(uint32_t)run_portable(&crc32c, (uint32_t)~crc, bytes, count);
}

uint64_t checksums_crc64nvme_portable(uint64_t crc, const void *bytes, size_t count) {
    return ~run_portable(&crc64nvme, ~crc, bytes, count);
}

bool checksums_has_carryless_multiply(void) {
    pthread_once(&prepared, prepare);
    return has_carryless_multiply;
}
