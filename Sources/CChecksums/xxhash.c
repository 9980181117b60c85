#include "xxhash.h"

#include <stdlib.h>
#include <string.h>

// XXH3 and XXH128 share everything for more than 240 bytes: blocks of 1,024 bytes are 16 stripes of 64, which are
// mixed into eight lanes. The last stripe is the last 64 bytes, whether or not they were in a stripe before.

enum { stripe = 64, block = 1024, secret_size = 192, short_limit = 240 };

static const uint32_t p32_1 = 0x9E3779B1, p32_2 = 0x85EBCA77, p32_3 = 0xC2B2AE3D;
static const uint64_t p64_1 = 0x9E3779B185EBCA87, p64_2 = 0xC2B2AE3D27D4EB4F, p64_3 = 0x165667B19E3779F9,
                      p64_4 = 0x85EBCA77C2B2AE63, p64_5 = 0x27D4EB2F165667C5;
static const uint64_t mix_1 = 0x165667919E3779F9, mix_2 = 0x9FB21C651E98DF25;

/// The specification's own; it has no meaning but to be irregular.
static const uint8_t secret[secret_size] = {
    0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c, 0xde, 0xd4, 0x6d, 0xe9,
    0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f, 0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78,
    0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21, 0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6,
    0x81, 0x3a, 0x26, 0x4c, 0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3, 0x71,
    0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8, 0xa8, 0xfa, 0x76, 0x3f, 0xe3,
    0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d, 0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8,
    0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64, 0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa,
    0x13, 0x63, 0xeb, 0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e, 0x2b,
    0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce, 0x45, 0xcb, 0x3a, 0x8f, 0x95,
    0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
};

struct checksums_xxh {
    checksums_xxh_kind kind;
    uint64_t lanes[8];
    uint64_t total;
    /// How many bytes of `buffer` wait; for XXH3 at least one does once there are any.
    size_t held;
    /// The end of the block before the buffer, for a last stripe that begins there.
    uint8_t before[stripe];
    uint8_t buffer[block];
};

typedef struct {
    uint64_t low, high;
} pair_t;

static uint32_t read32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return value;
}

static uint64_t read64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

static uint64_t rotate(uint64_t value, int count) { return (value << count) | (value >> (64 - count)); }

static pair_t multiply(uint64_t left, uint64_t right) {
    unsigned __int128 product = (unsigned __int128)left * right;
    return (pair_t){(uint64_t)product, (uint64_t)(product >> 64)};
}

static uint64_t fold(uint64_t left, uint64_t right) {
    pair_t product = multiply(left, right);
    return product.low ^ product.high;
}

// MARK: XXH64

static uint64_t round64(uint64_t lane, uint64_t input) { return rotate(lane + input * p64_2, 31) * p64_1; }

static uint64_t finish64(uint64_t hash) {
    hash = (hash ^ (hash >> 33)) * p64_2;
    hash = (hash ^ (hash >> 29)) * p64_3;
    return hash ^ (hash >> 32);
}

static void stripe64(uint64_t *lanes, const uint8_t *bytes) {
    for (int i = 0; i < 4; i++) lanes[i] = round64(lanes[i], read64(bytes + 8 * i));
}

static uint64_t digest64(const checksums_xxh *state) {
    const uint64_t *lanes = state->lanes;
    uint64_t hash = p64_5;
    if (state->total >= 32) {
        hash = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
        for (int i = 0; i < 4; i++) hash = (hash ^ round64(0, lanes[i])) * p64_1 + p64_4;
    }
    hash += state->total;
    const uint8_t *bytes = state->buffer, *end = bytes + state->held;
    for (; end - bytes >= 8; bytes += 8) hash = rotate(hash ^ round64(0, read64(bytes)), 27) * p64_1 + p64_4;
    if (end - bytes >= 4) {
        hash = rotate(hash ^ read32(bytes) * p64_1, 23) * p64_2 + p64_3;
        bytes += 4;
    }
    for (; bytes < end; bytes++) hash = rotate(hash ^ *bytes * p64_5, 11) * p64_1;
    return finish64(hash);
}

// MARK: XXH3 of up to 240 bytes

static uint64_t finish3(uint64_t hash) {
    hash = (hash ^ (hash >> 37)) * mix_1;
    return hash ^ (hash >> 32);
}

static uint64_t mix16(const uint8_t *bytes, const uint8_t *key) {
    return fold(read64(bytes) ^ read64(key), read64(bytes + 8) ^ read64(key + 8));
}

static uint64_t short3(const uint8_t *bytes, size_t count) {
    if (count == 0) return finish64(read64(secret + 56) ^ read64(secret + 64));
    if (count < 4) {
        uint32_t all = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[count >> 1] << 24 | bytes[count - 1] | (uint32_t)count << 8;
        return finish64(all ^ (uint64_t)(read32(secret) ^ read32(secret + 4)));
    }
    if (count <= 8) {
        uint64_t all = read32(bytes + count - 4) + ((uint64_t)read32(bytes) << 32);
        uint64_t hash = all ^ read64(secret + 8) ^ read64(secret + 16);
        hash ^= rotate(hash, 49) ^ rotate(hash, 24);
        hash *= mix_2;
        hash = (hash ^ ((hash >> 35) + count)) * mix_2;
        return hash ^ (hash >> 28);
    }
    if (count <= 16) {
        uint64_t low = read64(bytes) ^ read64(secret + 24) ^ read64(secret + 32);
        uint64_t high = read64(bytes + count - 8) ^ read64(secret + 40) ^ read64(secret + 48);
        return finish3(count + __builtin_bswap64(low) + high + fold(low, high));
    }
    uint64_t sum = count * p64_1;
    if (count <= 128) {
        for (size_t i = 0; i <= (count - 1) / 32; i++) {
            sum += mix16(bytes + 16 * i, secret + 32 * i) + mix16(bytes + count - 16 * (i + 1), secret + 32 * i + 16);
        }
        return finish3(sum);
    }
    for (size_t i = 0; i < 8; i++) sum += mix16(bytes + 16 * i, secret + 16 * i);
    sum = finish3(sum);
    for (size_t i = 8; i < count / 16; i++) sum += mix16(bytes + 16 * i, secret + 16 * (i - 8) + 3);
    return finish3(sum + mix16(bytes + count - 16, secret + 119));
}

static pair_t mix32(pair_t sum, const uint8_t *first, const uint8_t *second, const uint8_t *key) {
    sum.low = (sum.low + mix16(first, key)) ^ (read64(second) + read64(second + 8));
    sum.high = (sum.high + mix16(second, key + 16)) ^ (read64(first) + read64(first + 8));
    return sum;
}

static pair_t tiny128(const uint8_t *bytes, size_t count) {
    if (count == 0) {
        return (pair_t){finish64(read64(secret + 64) ^ read64(secret + 72)), finish64(read64(secret + 80) ^ read64(secret + 88))};
    }
    if (count < 4) {
        uint32_t low = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[count >> 1] << 24 | bytes[count - 1] | (uint32_t)count << 8;
        uint32_t swapped = __builtin_bswap32(low), high = swapped << 13 | swapped >> 19;
        return (pair_t){finish64(low ^ (uint64_t)(read32(secret) ^ read32(secret + 4))),
                        finish64(high ^ (uint64_t)(read32(secret + 8) ^ read32(secret + 12)))};
    }
    if (count <= 8) {
        uint64_t all = read32(bytes) + ((uint64_t)read32(bytes + count - 4) << 32);
        pair_t hash = multiply(all ^ read64(secret + 16) ^ read64(secret + 24), p64_1 + (count << 2));
        hash.high += hash.low << 1;
        hash.low ^= hash.high >> 3;
        hash.low = (hash.low ^ (hash.low >> 35)) * mix_2;
        return (pair_t){hash.low ^ (hash.low >> 28), finish3(hash.high)};
    }
    uint64_t low = read64(bytes), high = read64(bytes + count - 8);
    pair_t hash = multiply(low ^ high ^ read64(secret + 32) ^ read64(secret + 40), p64_1);
    hash.low += (uint64_t)(count - 1) << 54;
    high ^= read64(secret + 48) ^ read64(secret + 56);
    hash.high += high + (uint64_t)(uint32_t)high * (p32_2 - 1);
    hash.low ^= __builtin_bswap64(hash.high);
    pair_t mixed = multiply(hash.low, p64_2);
    mixed.high += hash.high * p64_2;
    return (pair_t){finish3(mixed.low), finish3(mixed.high)};
}

static pair_t short128(const uint8_t *bytes, size_t count) {
    if (count <= 16) return tiny128(bytes, count);
    pair_t sum = {count * p64_1, 0};
    if (count <= 128) {
        for (size_t i = (count - 1) / 32 + 1; i-- > 0;) {
            sum = mix32(sum, bytes + 16 * i, bytes + count - 16 * (i + 1), secret + 32 * i);
        }
    } else {
        for (size_t i = 0; i < 128; i += 32) sum = mix32(sum, bytes + i, bytes + i + 16, secret + i);
        sum = (pair_t){finish3(sum.low), finish3(sum.high)};
        for (size_t i = 128; i + 32 <= count; i += 32) sum = mix32(sum, bytes + i, bytes + i + 16, secret + 3 + i - 128);
        sum = mix32(sum, bytes + count - 16, bytes + count - 32, secret + 103);
    }
    uint64_t high = sum.low * p64_1 + sum.high * p64_4 + count * p64_2;
    return (pair_t){finish3(sum.low + sum.high), 0 - finish3(high)};
}

// MARK: XXH3 of more

static void add_stripe(uint64_t *lanes, const uint8_t *bytes, const uint8_t *key) {
    for (int i = 0; i < 8; i++) {
        uint64_t input = read64(bytes + 8 * i), mixed = input ^ read64(key + 8 * i);
        lanes[i ^ 1] += input;
        lanes[i] += (uint64_t)(uint32_t)mixed * (mixed >> 32);
    }
}

static void add_block(uint64_t *lanes, const uint8_t *bytes) {
    for (int i = 0; i < block / stripe; i++) add_stripe(lanes, bytes + stripe * i, secret + 8 * i);
    for (int i = 0; i < 8; i++) {
        lanes[i] = (lanes[i] ^ (lanes[i] >> 47) ^ read64(secret + secret_size - stripe + 8 * i)) * p32_1;
    }
}

static uint64_t merge(const uint64_t *lanes, const uint8_t *key, uint64_t sum) {
    for (int i = 0; i < 4; i++) {
        sum += fold(lanes[2 * i] ^ read64(key + 16 * i), lanes[2 * i + 1] ^ read64(key + 16 * i + 8));
    }
    return finish3(sum);
}

static pair_t digest3(const checksums_xxh *state) {
    if (state->total <= short_limit) {
        if (state->kind == checksums_xxh128) return short128(state->buffer, state->held);
        return (pair_t){short3(state->buffer, state->held), 0};
    }
    uint64_t lanes[8];
    memcpy(lanes, state->lanes, sizeof lanes);
    size_t held = state->held;
    for (size_t i = 0; i < (held - 1) / stripe; i++) add_stripe(lanes, state->buffer + stripe * i, secret + 8 * i);
    uint8_t last[stripe];
    size_t missing = held < stripe ? stripe - held : 0;
    memcpy(last, state->before + stripe - missing, missing);
    memcpy(last + missing, state->buffer + held + missing - stripe, stripe - missing);
    add_stripe(lanes, last, secret + secret_size - stripe - 7);
    pair_t hash = {merge(lanes, secret + 11, state->total * p64_1), 0};
    if (state->kind == checksums_xxh128) {
        hash.high = merge(lanes, secret + secret_size - stripe - 11, ~(state->total * p64_2));
    }
    return hash;
}

// MARK: All three

checksums_xxh *checksums_xxh_new(checksums_xxh_kind kind) {
    checksums_xxh *hash = calloc(1, sizeof *hash);
    if (hash == NULL) return NULL;
    hash->kind = kind;
    const uint64_t start64[8] = {p64_1 + p64_2, p64_2, 0, 0 - p64_1};
    const uint64_t start3[8] = {p32_3, p64_1, p64_2, p64_3, p64_4, p32_2, p64_5, p32_1};
    memcpy(hash->lanes, kind == checksums_xxh64 ? start64 : start3, sizeof hash->lanes);
    return hash;
}

/// Takes whole stripes of XXH64 from the bytes, or a block of XXH3 that is not the last.
static void take(checksums_xxh *hash, const uint8_t *bytes) {
    if (hash->kind == checksums_xxh64) {
        stripe64(hash->lanes, bytes);
    } else {
        add_block(hash->lanes, bytes);
        memcpy(hash->before, bytes + block - stripe, stripe);
    }
}

void checksums_xxh_update(checksums_xxh *hash, const void *start, size_t count) {
    const uint8_t *bytes = start;
    // XXH3 keeps its last block, whose stripes count otherwise; XXH64 takes each stripe that is whole.
    size_t unit = hash->kind == checksums_xxh64 ? 32 : block, kept = hash->kind == checksums_xxh64 ? 0 : 1;
    hash->total += count;
    while (count > 0) {
        if (hash->held == 0 && count >= unit + kept) {
            take(hash, bytes);
            bytes += unit;
            count -= unit;
            continue;
        }
        size_t fits = unit - hash->held, some = count < fits ? count : fits;
        memcpy(hash->buffer + hash->held, bytes, some);
        hash->held += some;
        bytes += some;
        count -= some;
        if (hash->held == unit && count >= kept) {
            take(hash, hash->buffer);
            hash->held = 0;
        }
    }
}

static void write64(uint64_t value, uint8_t *bytes) {
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

void checksums_xxh_digest(const checksums_xxh *hash, uint8_t *digest) {
    if (hash->kind == checksums_xxh64) {
        write64(digest64(hash), digest);
        return;
    }
    pair_t value = digest3(hash);
    if (hash->kind == checksums_xxh128) {
        write64(value.high, digest);
        digest += 8;
    }
    write64(value.low, digest);
}

void checksums_xxh_free(checksums_xxh *hash) { free(hash); }
