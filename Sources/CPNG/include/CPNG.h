// PNG files in memory, over libpng's low-level interface. libpng reports errors by longjmp, which may not cross Swift
// frames; here it never leaves a function.

#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Sides above this many pixels are refused before anything is allocated.
#define CPNG_MAX_SIDE 4096

// Images whose rows must be kept decoded in more bytes than this are refused: those with 16 bits a sample that are interlaced.
#define CPNG_MAX_DECODED_BYTES (64 << 20)

// An error text never needs more bytes, its final zero included.
#define CPNG_ERROR_BYTES 200

typedef enum {
  CPNG_OK = 0,
  CPNG_NOT_A_PNG,  // the signature is another one
  CPNG_TRUNCATED,  // the bytes end before the image does
  CPNG_TOO_LARGE,  // a side is longer than CPNG_MAX_SIDE
  CPNG_TOO_MANY_BYTES,  // more than CPNG_MAX_DECODED_BYTES
  CPNG_NO_MEMORY,
  CPNG_DAMAGED  // anything else; the error text says what
} cpng_status;

// Decodes the `count` bytes of any PNG file to rows of 8-bit RGB without padding. 16-bit samples are rounded to the
// nearest 8-bit value; transparency is laid over white in the stored values. On success `*pixels` is the caller's, to
// be given to cpng_free; otherwise it is NULL and `error` (CPNG_ERROR_BYTES bytes) says why.
cpng_status cpng_decode(const uint8_t *bytes, size_t count, uint8_t **pixels, uint32_t *width, uint32_t *height,
                        char *error);

// Encodes rows of 8-bit gray (`channels` 1) or RGB (3) samples without padding. On success `*bytes` is the caller's, to be
// given to cpng_free.
cpng_status cpng_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **bytes,
                        size_t *count, char *error);

void cpng_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
