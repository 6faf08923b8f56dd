#include <string.h>

#include "CKernels.h"
#include "pick.h"

#define FK_BODY "quality_body.h"
#include "clones.h"

void fk_to_bytes(const float *from, ptrdiff_t n, float scale, float offset, uint8_t *to) {
  FK_PICK(to_bytes, from, n, scale, offset, to)
}

void fk_from_bytes(const uint8_t *from, ptrdiff_t n, float offset, float *to) { FK_PICK(from_bytes, from, n, offset, to) }

void fk_pyramid_down(const float *from, ptrdiff_t planes, ptrdiff_t side, float *to, float *scratch) {
  FK_PICK(pyramid_down, from, planes, side, to, scratch)
}

void fk_pyramid_subtract(float *level, const float *small, ptrdiff_t planes, ptrdiff_t side, float *scratch) {
  FK_PICK(pyramid_subtract, level, small, planes, side, scratch)
}

void fk_patches(const float *image, ptrdiff_t planes, ptrdiff_t side, ptrdiff_t width, const uint16_t *centers, ptrdiff_t count,
                float *panels, ptrdiff_t first) {
  const ptrdiff_t dims = planes * width * width;
  for (ptrdiff_t p = 0; p < count; p++) {
    const ptrdiff_t q = first + p;
    float *to = panels + q / FK_PATCH_PANEL * dims * FK_PATCH_PANEL + q % FK_PATCH_PANEL;
    const ptrdiff_t corner = (centers[2 * p + 1] - width / 2) * side + centers[2 * p] - width / 2;
    for (ptrdiff_t c = 0; c < planes; c++)
      for (ptrdiff_t y = 0; y < width; y++) {
        const float *row = image + c * side * side + corner + y * side;
        for (ptrdiff_t x = 0; x < width; x++, to += FK_PATCH_PANEL) *to = row[x];
      }
  }
}

void fk_patch_sums(const float *panel, ptrdiff_t dims, ptrdiff_t groups, double *sums) {
  FK_PICK(patch_sums, panel, dims, groups, sums)
}

void fk_project(const float *panels, ptrdiff_t count, ptrdiff_t dims, const float *weights, const float *offsets,
                ptrdiff_t directions, float *to, ptrdiff_t stride) {
  FK_PICK(project, panels, count, dims, weights, offsets, directions, to, stride)
}

// Bits of each digit of a sort, and its digits: three passes over 32 bits.
#define DIGIT 11
#define DIGITS 3
#define BINS (1 << DIGIT)

// A number's bits such that unsigned integers have the numbers' order, and back.
static inline uint32_t ordered(uint32_t bits) { return bits ^ (bits >> 31 ? 0xffffffffu : 0x80000000u); }
static inline uint32_t restored(uint32_t key) { return key ^ (key >> 31 ? 0x80000000u : 0xffffffffu); }

void fk_sort(float *values, float *scratch, ptrdiff_t n) {
  uint32_t *from = (uint32_t *)values, *to = (uint32_t *)scratch;
  uint32_t starts[DIGITS][BINS];
  memset(starts, 0, sizeof starts);
  for (ptrdiff_t i = 0; i < n; i++) {
    const uint32_t key = from[i] = ordered(from[i]);
    for (int d = 0; d < DIGITS; d++) starts[d][key >> (DIGIT * d) & (BINS - 1)]++;
  }
  for (int d = 0; d < DIGITS; d++) {
    uint32_t sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      const uint32_t count = starts[d][bin];
      starts[d][bin] = sum;
      sum += count;
    }
    for (ptrdiff_t i = 0; i < n; i++) {
      const uint32_t key = from[i];
      to[starts[d][key >> (DIGIT * d) & (BINS - 1)]++] = d == DIGITS - 1 ? restored(key) : key;
    }
    uint32_t *const swap = from;
    from = to, to = swap;
  }
  memcpy(values, from, sizeof(float) * (size_t)n);
}

double fk_absolute_difference(const float *a, const float *b, ptrdiff_t n) { FK_PICK(absolute_difference, a, b, n) }

void fk_similarity(const float *a, const float *b, ptrdiff_t side, const float *window, ptrdiff_t size, float shift, float c1,
                   float c2, float *scratch, double *sums) {
  FK_PICK(similarity, a, b, side, window, size, shift, c1, c2, scratch, sums)
}

void fk_halve(const float *from, ptrdiff_t planes, ptrdiff_t side, float *to) { FK_PICK(halve, from, planes, side, to) }

uint32_t fk_nearest(const uint8_t *image, const uint8_t *others, ptrdiff_t count, ptrdiff_t n, ptrdiff_t skip, ptrdiff_t *nearest) {
  FK_PICK(nearest, image, others, count, n, skip, nearest)
}
