#include "thumbnails.h"

#include <pthread.h>
#include <string.h>
#include <vips/vips.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int start_result = -1;

/// What is damaged is told by a result; a stranger's image must not fill the log.
static void ignore(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
  (void)domain, (void)level, (void)message, (void)data;
}

static void start(void) {
  g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, ignore, NULL);
  start_result = vips_init("thumbnails");
  if (start_result != 0) return;
  vips_block_untrusted_set(TRUE);
  // The caller has threads of its own; a cache of operations would keep images of strangers.
  vips_concurrency_set(1);
  vips_cache_set_max(0);
}

int thumbnails_start(void) {
  pthread_once(&once, start);
  return start_result;
}

struct thumbnails_source {
  VipsSource *source;
};

static thumbnails_source *wrap(VipsSource *source) {
  if (source == NULL) {
    vips_error_clear();
    return NULL;
  }
  thumbnails_source *wrapper = g_new0(thumbnails_source, 1);
  wrapper->source = source;
  return wrapper;
}

thumbnails_source *thumbnails_open_bytes(const void *bytes, size_t count) {
  return wrap(vips_source_new_from_memory(bytes, count));
}

thumbnails_source *thumbnails_open_file(int descriptor) { return wrap(vips_source_new_from_descriptor(descriptor)); }

void thumbnails_close(thumbnails_source *source) {
  if (source == NULL) return;
  g_object_unref(source->source);
  g_free(source);
}

void thumbnails_free(void *bytes) { g_free(bytes); }

void thumbnails_end_thread(void) { vips_thread_shutdown(); }

/// The loaders that are let near what strangers send, by the names of their classes.
static const struct {
  const char *loader;
  thumbnails_format format;
} loaders[] = {
    {"VipsForeignLoadJpegSource", thumbnails_jpeg}, {"VipsForeignLoadPngSource", thumbnails_png},
    {"VipsForeignLoadWebpSource", thumbnails_webp}, {"VipsForeignLoadNsgifSource", thumbnails_gif},
    {"VipsForeignLoadGifSource", thumbnails_gif},   {"VipsForeignLoadHeifSource", thumbnails_heic},
};

/// Tells HEIC, which phones make, from AVIF, which browsers show: by the brand in the first box.
static thumbnails_format heif_format(VipsSource *source) {
  const unsigned char *head = vips_source_sniff(source, 12);
  if (head != NULL && (memcmp(head + 8, "avif", 4) == 0 || memcmp(head + 8, "avis", 4) == 0)) return thumbnails_avif;
  return thumbnails_heic;
}

static thumbnails_result find_format(VipsSource *source, thumbnails_format *format) {
  if (vips_source_rewind(source) != 0) return thumbnails_unknown;
  const char *loader = vips_foreign_find_load_source(source);
  if (loader == NULL) return thumbnails_unknown;
  for (size_t place = 0; place < sizeof loaders / sizeof loaders[0]; place++) {
    if (strcmp(loader, loaders[place].loader) != 0) continue;
    *format = loaders[place].format == thumbnails_heic ? heif_format(source) : loaders[place].format;
    return thumbnails_ok;
  }
  return thumbnails_unknown;
}

static thumbnails_result probe(VipsSource *source, int64_t max_pixels, thumbnails_facts *facts) {
  thumbnails_result result = find_format(source, &facts->format);
  if (result != thumbnails_ok) return result;
  if (vips_source_rewind(source) != 0) return thumbnails_damaged;
  VipsImage *image = vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, NULL);
  if (image == NULL) return thumbnails_damaged;
  int64_t width = vips_image_get_width(image);
  int64_t height = vips_image_get_height(image);
  int turned = vips_image_get_orientation_swap(image);
  facts->width = turned ? height : width;
  facts->height = turned ? width : height;
  facts->has_alpha = vips_image_hasalpha(image);
  g_object_unref(image);
  // Both are below 2^31, so that their product fits.
  return width * height > max_pixels ? thumbnails_too_large : thumbnails_ok;
}

thumbnails_result thumbnails_probe(thumbnails_source *source, int64_t max_pixels, thumbnails_facts *facts) {
  thumbnails_result result = probe(source->source, max_pixels, facts);
  vips_error_clear();
  return result;
}

static VipsImage *shrink(VipsSource *source, int box) {
  if (vips_source_rewind(source) != 0) return NULL;
  VipsImage *image = NULL;
  // libvips 8.14 does not hand its own `fail_on` to the loader of a source: the loader's option does it.
  int failed = vips_thumbnail_source(source, &image, box, "height", box, "size", VIPS_SIZE_DOWN, "export_profile",
                                     "srgb", "intent", VIPS_INTENT_RELATIVE, "option_string", "[fail_on=error]", NULL);
  return failed ? NULL : image;
}

thumbnails_result thumbnails_verify(thumbnails_source *source, int64_t max_pixels, thumbnails_facts *facts) {
  thumbnails_result result = probe(source->source, max_pixels, facts);
  if (result == thumbnails_ok) {
    VipsImage *image = vips_source_rewind(source->source) == 0
                           ? vips_image_new_from_source(source->source, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                                        VIPS_FAIL_ON_ERROR, NULL)
                           : NULL;
    double average = 0;
    // Nothing is decoded before somebody asks for the pixels; all are, since a thumbnail's cache hides errors.
    if (image == NULL || vips_avg(image, &average, NULL) != 0) result = thumbnails_damaged;
    if (image != NULL) g_object_unref(image);
  }
  vips_error_clear();
  return result;
}

static int encode(VipsImage *image, thumbnails_format format, int quality, void **bytes, size_t *count) {
  if (format == thumbnails_webp)
    return vips_webpsave_buffer(image, bytes, count, "Q", quality, "strip", TRUE, "smart_subsample", TRUE, NULL);
  if (format == thumbnails_png) return vips_pngsave_buffer(image, bytes, count, "strip", TRUE, NULL);
  double white[] = {255, 255, 255};
  VipsArrayDouble *background = vips_array_double_new(white, 3);
  int failed = vips_jpegsave_buffer(image, bytes, count, "Q", quality, "strip", TRUE, "optimize_coding", TRUE,
                                    "interlace", TRUE, "background", background, NULL);
  vips_area_unref(VIPS_AREA(background));
  return failed;
}

thumbnails_result thumbnails_make(thumbnails_source *source, int64_t max_pixels, int box, thumbnails_format format,
                                  int quality, void **bytes, size_t *count, int64_t *width, int64_t *height) {
  thumbnails_facts facts = {0};
  thumbnails_result result = probe(source->source, max_pixels, &facts);
  if (result == thumbnails_ok) {
    VipsImage *small = shrink(source->source, box);
    // In memory once, so that what is damaged is told from what cannot be written.
    VipsImage *pixels = small == NULL ? NULL : vips_image_copy_memory(small);
    if (pixels == NULL) {
      result = thumbnails_damaged;
    } else if (encode(pixels, format, quality, bytes, count) != 0) {
      result = thumbnails_unwritten;
    } else {
      *width = vips_image_get_width(pixels);
      *height = vips_image_get_height(pixels);
    }
    if (pixels != NULL) g_object_unref(pixels);
    if (small != NULL) g_object_unref(small);
  }
  vips_error_clear();
  return result;
}
