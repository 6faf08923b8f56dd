#include <stdlib.h>
#include <string.h>

#include "state.h"

typedef struct {
  cpng_failure failure;
  uint8_t *bytes;
  size_t count, capacity;
} writer;

static void write_bytes(png_structp png, png_bytep source, size_t count) {
  writer *w = png_get_io_ptr(png);
  if (count > w->capacity - w->count) {
    size_t capacity = w->capacity * 2 + count;
    uint8_t *larger = realloc(w->bytes, capacity);
    if (!larger) {
      w->failure.status = CPNG_NO_MEMORY;
      png_error(png, "out of memory");
    }
    w->bytes = larger;
    w->capacity = capacity;
  }
  memcpy(w->bytes + w->count, source, count);
  w->count += count;
}

static void flush(png_structp png) { (void)png; }

// Everything that may longjmp.
static cpng_status run(writer *target, png_structp png, png_infop info, const uint8_t *pixels, uint32_t width,
                       uint32_t height, int channels) {
  if (setjmp(png_jmpbuf(png))) return target->failure.status;
  png_set_write_fn(png, target, write_bytes, flush);
  png_set_IHDR(png, info, width, height, 8, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, pixels + (size_t)y * width * (size_t)channels);
  png_write_end(png, NULL);
  return CPNG_OK;
}

cpng_status cpng_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **bytes,
                        size_t *count, char *error) {
  *bytes = NULL;
  *count = 0;
  error[0] = 0;
  writer target = {.failure = {CPNG_OK, error}};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &target.failure, cpng_fail, cpng_ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  cpng_status status = info ? run(&target, png, info, pixels, width, height, channels) : CPNG_NO_MEMORY;
  png_destroy_write_struct(&png, &info);
  if (status == CPNG_OK) {
    *bytes = target.bytes;
    *count = target.count;
  } else {
    free(target.bytes);
  }
  return status;
}
