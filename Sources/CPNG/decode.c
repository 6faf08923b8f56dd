#include <stdlib.h>
#include <string.h>

#include "state.h"

// Limits on what a file may make libpng store besides the image.
enum { MAX_CACHED_CHUNKS = 16, MAX_CHUNK_BYTES = 1 << 20 };

// What the last row may take from the file beyond its own size. libpng inflates and drops whatever follows the image,
// and 1 byte can inflate to 1032.
enum { MAX_EXCESS_BYTES = 1 << 16 };

enum { SIGNATURE_BYTES = 8, HEADER_BYTES = 24 };  // HEADER_BYTES: up to the height in IHDR

typedef struct {
  cpng_failure failure;
  const uint8_t *next;
  size_t left;
  size_t allowed;  // bytes that may still be taken
  png_structp png;
  png_infop info;
  uint8_t *pixels;  // the result
  uint8_t *raw;     // what libpng fills: one row, or all rows of an interlaced image
} reader;

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  reader *r = png_get_io_ptr(png);
  if (count > r->left) {
    r->failure.status = CPNG_TRUNCATED;
    png_error(png, "the file ends too early");
  }
  if (count > r->allowed) png_error(png, "more data than the image needs");
  r->allowed -= count;
  memcpy(target, r->next, count);
  r->next += count;
  r->left -= count;
}

static void *allocate(reader *r, size_t count) {
  void *memory = malloc(count);
  if (!memory) {
    r->failure.status = CPNG_NO_MEMORY;
    png_error(r->png, "out of memory");
  }
  return memory;
}

static uint32_t sample16(const uint8_t *bytes) { return (uint32_t)bytes[0] << 8 | bytes[1]; }

// One row of 8-bit RGB from `raw`, RGB or RGBA with 8 or 16 bits a sample. Rounds once, to nearest.
static void convert(const uint8_t *raw, uint8_t *out, uint32_t width, int depth, int alpha) {
  if (depth == 8 && !alpha) {
    memcpy(out, raw, (size_t)width * 3);
  } else if (depth == 8) {
    for (uint32_t x = 0; x < width; x++, raw += 4, out += 3)
      for (int c = 0; c < 3; c++) out[c] = (uint8_t)((raw[c] * raw[3] + 255u * (255u - raw[3]) + 127u) / 255u);
  } else if (!alpha) {
    for (size_t i = 0; i < (size_t)width * 3; i++) out[i] = (uint8_t)((sample16(raw + 2 * i) * 255u + 32767u) / 65535u);
  } else {
    for (uint32_t x = 0; x < width; x++, raw += 8, out += 3) {
      uint64_t a = sample16(raw + 6);
      for (int c = 0; c < 3; c++) {
        uint64_t over_white = sample16(raw + 2 * c) * a + 65535u * (65535u - a);  // in units of 1/65535
        out[c] = (uint8_t)((over_white + 65535u * 257u / 2) / (65535u * 257u));
      }
    }
  }
}

// libpng's next row, in turn through all passes.
static void read_row(reader *r, png_bytep row, size_t row_bytes, int is_last) {
  if (is_last) r->allowed = 2 * row_bytes + MAX_EXCESS_BYTES;
  png_read_row(r->png, row, NULL);
  if (is_last) r->allowed = SIZE_MAX;
}

static void configure(png_structp png) {
  png_set_user_limits(png, CPNG_MAX_SIDE, CPNG_MAX_SIDE);
  png_set_chunk_cache_max(png, MAX_CACHED_CHUNKS);
  png_set_chunk_malloc_max(png, MAX_CHUNK_BYTES);
  // -1: skip the known chunks that only describe the image as well (text, profiles, times), without inflating them.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
}

// Everything that may longjmp.
static cpng_status run(reader *r, uint32_t *width, uint32_t *height) {
  png_structp png = r->png;
  if (setjmp(png_jmpbuf(png))) return r->failure.status;
  configure(png);
  png_set_read_fn(png, r, read_bytes);
  png_read_info(png, r->info);
  uint32_t w = png_get_image_width(png, r->info), h = png_get_image_height(png, r->info);
  if (w == 0 || h == 0 || w > CPNG_MAX_SIDE || h > CPNG_MAX_SIDE) {
    r->failure.status = CPNG_TOO_LARGE;
    png_error(png, "too large");
  }
  png_set_expand(png);  // palettes to RGB, few bits to 8, a transparent color to alpha
  png_set_gray_to_rgb(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, r->info);
  int depth = png_get_bit_depth(png, r->info), channels = png_get_channels(png, r->info);
  size_t row_bytes = png_get_rowbytes(png, r->info);
  if ((depth != 8 && depth != 16) || (channels != 3 && channels != 4) ||
      row_bytes != (size_t)w * (size_t)channels * (size_t)(depth / 8))
    png_error(png, "unexpected row layout");

  // An interlaced image is kept whole until its last pass.
  size_t raw_bytes = passes == 1 ? row_bytes : row_bytes * h;
  if (raw_bytes > CPNG_MAX_DECODED_BYTES) {
    r->failure.status = CPNG_TOO_MANY_BYTES;
    png_error(png, "too many bytes");
  }
  r->pixels = allocate(r, (size_t)w * h * 3);
  r->raw = allocate(r, raw_bytes);
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < h; y++) {
      png_bytep row = passes == 1 ? r->raw : r->raw + y * row_bytes;
      int is_last_pass = pass == passes - 1;
      read_row(r, row, row_bytes, is_last_pass && y == h - 1);
      if (is_last_pass) convert(row, r->pixels + (size_t)y * w * 3, w, depth, channels == 4);
    }
  }
  png_read_end(png, NULL);
  *width = w;
  *height = h;
  return CPNG_OK;
}

static uint32_t big_endian(const uint8_t *bytes) { return sample16(bytes) << 16 | sample16(bytes + 2); }

// Tells the common cases apart before libpng sees the file.
static cpng_status examine(const uint8_t *bytes, size_t count) {
  static const uint8_t signature[SIGNATURE_BYTES] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  if (memcmp(bytes, signature, count < SIGNATURE_BYTES ? count : SIGNATURE_BYTES) != 0) return CPNG_NOT_A_PNG;
  if (count < HEADER_BYTES) return CPNG_TRUNCATED;
  if (memcmp(bytes + 12, "IHDR", 4) != 0) return CPNG_OK;  // libpng will say what is wrong
  if (big_endian(bytes + 16) > CPNG_MAX_SIDE || big_endian(bytes + 20) > CPNG_MAX_SIDE) return CPNG_TOO_LARGE;
  return CPNG_OK;
}

cpng_status cpng_decode(const uint8_t *bytes, size_t count, uint8_t **pixels, uint32_t *width, uint32_t *height,
                        char *error) {
  *pixels = NULL;
  error[0] = 0;
  if (count == 0) return CPNG_TRUNCATED;
  cpng_status status = examine(bytes, count);
  if (status != CPNG_OK) return status;
  reader r = {.failure = {CPNG_OK, error}, .next = bytes, .left = count, .allowed = SIZE_MAX};
  r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r.failure, cpng_fail, cpng_ignore);
  if (r.png) r.info = png_create_info_struct(r.png);
  status = r.info ? run(&r, width, height) : CPNG_NO_MEMORY;
  png_destroy_read_struct(&r.png, &r.info, NULL);
  free(r.raw);
  if (status == CPNG_OK)
    *pixels = r.pixels;
  else
    free(r.pixels);
  return status;
}
