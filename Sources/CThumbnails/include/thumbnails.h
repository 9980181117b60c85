#pragma once

#include <stddef.h>
#include <stdint.h>

// What is needed of libvips, whose own functions take variable arguments, which Swift cannot call.

/// What an image is encoded as.
typedef enum {
  thumbnails_jpeg = 1,
  thumbnails_png = 2,
  thumbnails_webp = 3,
  thumbnails_gif = 4,
  thumbnails_avif = 5,
  thumbnails_heic = 6,
} thumbnails_format;

/// Why an image is not used.
typedef enum {
  thumbnails_ok = 0,
  /// It is no image of the known formats.
  thumbnails_unknown = 1,
  /// It has more pixels than are allowed.
  thumbnails_too_large = 2,
  /// It begins like an image, and is not a whole one.
  thumbnails_damaged = 3,
  /// It could not be written.
  thumbnails_unwritten = 4,
} thumbnails_result;

typedef struct {
  /// As it is shown: turned as its camera was.
  int64_t width;
  int64_t height;
  thumbnails_format format;
  int has_alpha;
} thumbnails_facts;

/// A source of encoded bytes. Free it with `thumbnails_close`.
typedef struct thumbnails_source thumbnails_source;

/// Starts libvips, without its loaders for rare formats; other calls come after it. Returns 0 for success.
int thumbnails_start(void);

/// Bytes in memory, which must stay until the source is closed. NULL where there is no memory.
thumbnails_source *thumbnails_open_bytes(const void *bytes, size_t count);

/// An open file, which must stay open until the source is closed. NULL where it cannot be read.
thumbnails_source *thumbnails_open_file(int descriptor);

void thumbnails_close(thumbnails_source *source);

/// Reads the header alone: nothing is decoded.
thumbnails_result thumbnails_probe(thumbnails_source *source, int64_t max_pixels, thumbnails_facts *facts);

/// Decodes all of it, piece by piece, which finds out whether it is whole.
thumbnails_result thumbnails_verify(thumbnails_source *source, int64_t max_pixels, thumbnails_facts *facts);

/// Makes a smaller image that fits into a square, never a larger one: upright, sRGB, without metadata.
/// `bytes` is freed with `thumbnails_free`.
thumbnails_result thumbnails_make(thumbnails_source *source, int64_t max_pixels, int box, thumbnails_format format,
                                  int quality, void **bytes, size_t *count, int64_t *width, int64_t *height);

void thumbnails_free(void *bytes);

/// Gives back what libvips keeps for this thread.
void thumbnails_end_thread(void);
