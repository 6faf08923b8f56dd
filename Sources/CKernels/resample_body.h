// Nearest-neighbour upsampling by two and its transpose; compiled once per processor level by resample.c.

static void FK_NAME(upsample)(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w) {
  for (ptrdiff_t i = 0; i < planes * h; i++, x += w, y += 4 * w) {
    for (ptrdiff_t j = 0; j < w; j++) y[2 * j] = y[2 * j + 1] = x[j];
    __builtin_memcpy(y + 2 * w, y, 2 * (size_t)w * sizeof(float));
  }
}

static void FK_NAME(sum_pool)(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w) {
  for (ptrdiff_t i = 0; i < planes * h; i++, x += 4 * w, y += w) {
    const float *restrict below = x + 2 * w;
    for (ptrdiff_t j = 0; j < w; j++) y[j] = (x[2 * j] + x[2 * j + 1]) + (below[2 * j] + below[2 * j + 1]);
  }
}
