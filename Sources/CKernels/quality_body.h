// Loops of the quality metrics; compiled once per processor level by quality.c.

// Independent sums, so that a reduction fills vectors; they are added up in their order.
#define SUMS 16

static void FK_NAME(to_bytes)(const float *restrict from, ptrdiff_t n, float scale, float offset, uint8_t *restrict to) {
#pragma clang fp contract(off)  // the same bytes on every processor
  for (ptrdiff_t i = 0; i < n; i++) {
    const float value = __builtin_rintf(from[i] * scale + offset);
    to[i] = value > 0 ? (uint8_t)(int32_t)(value < 255 ? value : 255) : 0;
  }
}

static void FK_NAME(from_bytes)(const uint8_t *restrict from, ptrdiff_t n, float offset, float *restrict to) {
  for (ptrdiff_t i = 0; i < n; i++) to[i] = (float)from[i] + offset;
}

// The place of i in 0..<n, mirrored at both ends without repeating them.
static inline ptrdiff_t FK_NAME(mirrored)(ptrdiff_t i, ptrdiff_t n) {
  if (n == 1) return 0;
  const ptrdiff_t period = 2 * (n - 1), place = (i < 0 ? -i : i) % period;
  return place < n ? place : period - place;
}

static void FK_NAME(pyramid_down)(const float *restrict from, ptrdiff_t planes, ptrdiff_t side, float *restrict to,
                                  float *restrict scratch) {
  const ptrdiff_t half = (side + 1) / 2;
  float *restrict line = scratch + 2;
  for (ptrdiff_t plane = 0; plane < planes; plane++, from += side * side)
    for (ptrdiff_t y = 0; y < half; y++, to += half) {
      const float *rows[5];
      for (int i = 0; i < 5; i++) rows[i] = from + FK_NAME(mirrored)(2 * y + i - 2, side) * side;
      for (ptrdiff_t x = 0; x < side; x++)
        line[x] = (rows[0][x] + rows[4][x]) * 0.0625f + (rows[1][x] + rows[3][x]) * 0.25f + rows[2][x] * 0.375f;
      line[-1] = line[FK_NAME(mirrored)(-1, side)];
      line[-2] = line[FK_NAME(mirrored)(-2, side)];
      line[side] = line[FK_NAME(mirrored)(side, side)];
      line[side + 1] = line[FK_NAME(mirrored)(side + 1, side)];
      for (ptrdiff_t x = 0; x < half; x++) {
        const float *at = line + 2 * x;
        to[x] = (at[-2] + at[2]) * 0.0625f + (at[-1] + at[1]) * 0.25f + at[0] * 0.375f;
      }
    }
}

static void FK_NAME(pyramid_subtract)(float *restrict level, const float *restrict small, ptrdiff_t planes, ptrdiff_t side,
                                      float *restrict scratch) {
  float *restrict line = scratch + 1;
  for (ptrdiff_t plane = 0; plane < planes; plane++, small += side * side)
    for (ptrdiff_t y = 0; y < 2 * side; y++, level += 2 * side) {
      // Of the kernel's five taps only those on even rows meet pixels. Mirrored, the row before the first is the second, and that
      // after the last is the last.
      const ptrdiff_t i = y / 2, before = i > 0 ? i - 1 : (side > 1), after = i + 1 < side ? i + 1 : i;
      const float *restrict p = small + before * side, *restrict q = small + i * side, *restrict r = small + after * side;
      if (y % 2 == 0)
        for (ptrdiff_t x = 0; x < side; x++) line[x] = (p[x] + r[x]) * 0.125f + q[x] * 0.75f;
      else
        for (ptrdiff_t x = 0; x < side; x++) line[x] = (q[x] + r[x]) * 0.5f;
      line[-1] = line[side > 1];
      line[side] = line[side - 1];
      for (ptrdiff_t x = 0; x < side; x++) {
        level[2 * x] -= (line[x - 1] + line[x + 1]) * 0.125f + line[x] * 0.75f;
        level[2 * x + 1] -= (line[x] + line[x + 1]) * 0.5f;
      }
    }
}

static void FK_NAME(patch_sums)(const float *restrict panel, ptrdiff_t dims, ptrdiff_t groups, double *restrict sums) {
  for (ptrdiff_t group = 0; group < groups; group++) {
    double sum[FK_PATCH_PANEL] = {0}, squares[FK_PATCH_PANEL] = {0}, total[2] = {0, 0};
    for (ptrdiff_t k = 0; k < dims / groups; k++, panel += FK_PATCH_PANEL)
      for (int v = 0; v < FK_PATCH_PANEL; v++) {
        const double x = panel[v];
        sum[v] += x;
        squares[v] += x * x;
      }
    for (int v = 0; v < FK_PATCH_PANEL; v++) {
      total[0] += sum[v];
      total[1] += squares[v];
    }
    sums[2 * group] = total[0];
    sums[2 * group + 1] = total[1];
  }
}

// Directions that are summed at a time, and their descriptors: as many sums as the registers hold.
#if FK_LEVEL == 2
#define TILE 6
#define TILE_WIDTH 64
#else
#define TILE 4
#define TILE_WIDTH 16
#endif

static inline __attribute__((always_inline)) void FK_NAME(project_tile)(const float *restrict panel, ptrdiff_t dims,
                                                                        const float *restrict weights,
                                                                        const float *restrict offsets, const int directions,
                                                                        float *restrict to, ptrdiff_t stride) {
  float sums[TILE][TILE_WIDTH];
  for (int d = 0; d < directions; d++)
    for (int v = 0; v < TILE_WIDTH; v++) sums[d][v] = offsets[d];
  for (ptrdiff_t k = 0; k < dims; k++)
    for (int d = 0; d < directions; d++) {
      const float w = weights[d * dims + k];
      for (int v = 0; v < TILE_WIDTH; v++) sums[d][v] += w * panel[k * FK_PATCH_PANEL + v];
    }
  for (int d = 0; d < directions; d++)
    for (int v = 0; v < TILE_WIDTH; v++) to[d * stride + v] = sums[d][v];
}

static void FK_NAME(project)(const float *restrict panels, ptrdiff_t count, ptrdiff_t dims, const float *restrict weights,
                             const float *restrict offsets, ptrdiff_t directions, float *restrict to, ptrdiff_t stride) {
  for (ptrdiff_t panel = 0; panel < count; panel++, panels += dims * FK_PATCH_PANEL, to += FK_PATCH_PANEL)
    for (int part = 0; part < FK_PATCH_PANEL; part += TILE_WIDTH) {
      ptrdiff_t d = 0;
      for (; d + TILE <= directions; d += TILE)
        FK_NAME(project_tile)(panels + part, dims, weights + d * dims, offsets + d, TILE, to + d * stride + part, stride);
      for (; d < directions; d++)
        FK_NAME(project_tile)(panels + part, dims, weights + d * dims, offsets + d, 1, to + d * stride + part, stride);
    }
}

#undef TILE
#undef TILE_WIDTH

static double FK_NAME(absolute_difference)(const float *restrict a, const float *restrict b, ptrdiff_t n) {
  double sums[SUMS] = {0}, sum = 0;
  ptrdiff_t i = 0;
  for (; i + SUMS <= n; i += SUMS)
    for (int v = 0; v < SUMS; v++) sums[v] += __builtin_fabsf(a[i + v] - b[i + v]);
  for (; i < n; i++) sum += __builtin_fabsf(a[i] - b[i]);
  for (int v = 0; v < SUMS; v++) sum += sums[v];
  return sum;
}

static void FK_NAME(similarity)(const float *restrict a, const float *restrict b, ptrdiff_t side, const float *restrict window,
                                ptrdiff_t size, float shift, float c1, float c2, float *restrict scratch, double *restrict sums) {
  const ptrdiff_t valid = side - size + 1;
  float *restrict ma = scratch, *restrict mb = ma + side, *restrict aa = mb + side, *restrict bb = aa + side,
                  *restrict ab = bb + side, *restrict ssim = ab + side, *restrict cs = ssim + side;
  double lanes[2][SUMS] = {{0}}, total[2] = {0, 0};
  for (ptrdiff_t y = 0; y < valid; y++) {
    for (ptrdiff_t x = 0; x < side; x++) ma[x] = mb[x] = aa[x] = bb[x] = ab[x] = 0;
    for (ptrdiff_t i = 0; i < size; i++) {
      const float w = window[i], *restrict p = a + (y + i) * side, *restrict q = b + (y + i) * side;
      for (ptrdiff_t x = 0; x < side; x++) {
        const float wp = w * p[x], wq = w * q[x];
        ma[x] += wp;
        mb[x] += wq;
        aa[x] += wp * p[x];
        bb[x] += wq * q[x];
        ab[x] += wp * q[x];
      }
    }
    for (ptrdiff_t x = 0; x < valid; x++) {
      float m1 = 0, m2 = 0, s11 = 0, s22 = 0, s12 = 0;
      for (ptrdiff_t i = 0; i < size; i++) {
        const float w = window[i];
        m1 += w * ma[x + i];
        m2 += w * mb[x + i];
        s11 += w * aa[x + i];
        s22 += w * bb[x + i];
        s12 += w * ab[x + i];
      }
      // The shift changes means only; taking it off first keeps the differences of large squares exact enough.
      s11 -= m1 * m1;
      s22 -= m2 * m2;
      s12 -= m1 * m2;
      m1 += shift;
      m2 += shift;
      cs[x] = (2 * s12 + c2) / (s11 + s22 + c2);
      ssim[x] = (2 * m1 * m2 + c1) / (m1 * m1 + m2 * m2 + c1) * cs[x];
    }
    ptrdiff_t x = 0;
    for (; x + SUMS <= valid; x += SUMS)
      for (int v = 0; v < SUMS; v++) {
        lanes[0][v] += ssim[x + v];
        lanes[1][v] += cs[x + v];
      }
    for (; x < valid; x++) {
      total[0] += ssim[x];
      total[1] += cs[x];
    }
  }
  for (int which = 0; which < 2; which++) {
    for (int v = 0; v < SUMS; v++) total[which] += lanes[which][v];
    sums[which] = total[which];
  }
}

static void FK_NAME(halve)(const float *restrict from, ptrdiff_t planes, ptrdiff_t side, float *restrict to) {
  const ptrdiff_t half = side / 2;
  for (ptrdiff_t row = 0; row < planes * half; row++, to += half) {
    const float *restrict p = from + 2 * row * side, *restrict q = p + side;
    for (ptrdiff_t x = 0; x < half; x++) to[x] = 0.25f * ((p[2 * x] + p[2 * x + 1]) + (q[2 * x] + q[2 * x + 1]));
  }
}

static uint32_t FK_NAME(nearest)(const uint8_t *restrict image, const uint8_t *restrict others, ptrdiff_t count, ptrdiff_t n,
                                 ptrdiff_t skip, ptrdiff_t *restrict nearest) {
  uint32_t least = UINT32_MAX;
  for (ptrdiff_t j = 0; j < count; j++, others += n) {
    if (j == skip) continue;
    int32_t sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
      const int16_t difference = (int16_t)(image[i] - others[i]);
      sum += (int32_t)difference * difference;
    }
    if ((uint32_t)sum < least) {
      least = (uint32_t)sum;
      *nearest = j;
    }
  }
  return least;
}

#undef SUMS
