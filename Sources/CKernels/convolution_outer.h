// The filter slot as products of pixels and vectors over channels.

// Transposes 16 vectors of 16.
FK_INLINE void FK_NAME(transpose)(fk_v16 *v) {
  fk_v16 a[16], b[16];
  FK_UNROLL for (int i = 0; i < 16; i += 2) {
    a[i] = __builtin_shufflevector(v[i], v[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    a[i + 1] = __builtin_shufflevector(v[i], v[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  }
  FK_UNROLL for (int i = 0; i < 16; i += 4)
    FK_UNROLL for (int j = 0; j < 2; j++) {
      b[i + 2 * j] = __builtin_shufflevector(a[i + j], a[i + j + 2], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      b[i + 2 * j + 1] =
          __builtin_shufflevector(a[i + j], a[i + j + 2], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
  // b[4 * g + j] holds column j + 4 * q of the rows 4 * g..< in its quarter q.
  FK_UNROLL for (int j = 0; j < 4; j++) {
    fk_v16 low0 = __builtin_shufflevector(b[j], b[4 + j], 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    fk_v16 high0 = __builtin_shufflevector(b[j], b[4 + j], 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    fk_v16 low1 = __builtin_shufflevector(b[8 + j], b[12 + j], 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    fk_v16 high1 = __builtin_shufflevector(b[8 + j], b[12 + j], 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    v[j] = __builtin_shufflevector(low0, low1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    v[4 + j] = __builtin_shufflevector(low0, low1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    v[8 + j] = __builtin_shufflevector(high0, high1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    v[12 + j] = __builtin_shufflevector(high0, high1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
}

// Fills the border of to[height + 2 * pad_y][width + 2 * pad_x][n] from its inside.
FK_INLINE void FK_NAME(border)(int height, int width, int pad_y, int pad_x, int kind, int n, float *to) {
  size_t row = (size_t)(width + 2 * pad_x) * n;
  for (int y = 0; y < height; y++) {
    float *left = to + (y + pad_y) * row + (size_t)pad_x * n, *right = left + (size_t)(width - 1) * n;
    for (int i = 1; i <= pad_x; i++) {
      int from = kind == 1 ? i * n : 0;
      for (int j = 0; j < n; j++) {
        left[j - i * n] = kind ? left[j + from] : 0;
        right[j + i * n] = kind ? right[j - from] : 0;
      }
    }
  }
  float *top = to + pad_y * row, *bottom = top + (height - 1) * row;
  for (int i = 1; i <= pad_y; i++) {
    size_t from = kind == 1 ? i * row : 0;
    if (kind) {
      memcpy(top - i * row, top + from, row * sizeof(float));
      memcpy(bottom + i * row, bottom - from, row * sizeof(float));
    } else {
      memset(top - i * row, 0, row * sizeof(float));
      memset(bottom + i * row, 0, row * sizeof(float));
    }
  }
}

static void FK_NAME(interleave)(const float *from, ptrdiff_t plane, int count, int height, int width, int pad_y, int pad_x,
                                int kind, float *to) {
  int area = height * width, pitch = width + 2 * pad_x, x = 0, i = 0;
  float *at = to + ((size_t)pad_y * pitch + pad_x) * 16;
  for (; i + 16 <= area; i += 16) {
    fk_v16 v[16];
    if (count == 16) {
      FK_UNROLL for (int c = 0; c < 16; c++) v[c] = *(const fk_v16 *)(from + c * plane + i);
    } else {
      for (int c = 0; c < 16; c++) v[c] = c < count ? *(const fk_v16 *)(from + c * plane + i) : (fk_v16){0};
    }
    FK_NAME(transpose)(v);
    for (int j = 0; j < 16; j++) {
      *(fk_v16 *)at = v[j];
      at += 16;
      if (++x == width) x = 0, at += 32 * pad_x;
    }
  }
  for (; i < area; i++) {
    for (int c = 0; c < 16; c++) at[c] = c < count ? from[c * plane + i] : 0;
    at += 16;
    if (++x == width) x = 0, at += 32 * pad_x;
  }
  FK_NAME(border)(height, width, pad_y, pad_x, kind, 16, to);
}

static void FK_NAME(pad)(const float *from, int count, int height, int width, int pad_y, int pad_x, int kind, float *to) {
  int pitch = width + 2 * pad_x;
  for (int c = 0; c < count; c++, to += (size_t)pitch * (height + 2 * pad_y)) {
    for (int y = 0; y < height; y++, from += width)
      memcpy(to + (size_t)(y + pad_y) * pitch + pad_x, from, width * sizeof(float));
    FK_NAME(border)(height, width, pad_y, pad_x, kind, 1, to);
  }
}

FK_INLINE void FK_NAME(outer_tile)(int planes, int taps, const float *plain, ptrdiff_t plain_image, ptrdiff_t plain_plane,
                                   ptrdiff_t plain_row, const float *last, ptrdiff_t last_image, ptrdiff_t last_row,
                                   int height, int width, int first, int end, int accumulate, ptrdiff_t plane, float *to) {
  fk_v16 acc[FK_OUTER][FK_TAPS];
  FK_UNROLL for (int u = 0; u < planes; u++)
    FK_UNROLL for (int v = 0; v < taps; v++)
      acc[u][v] = accumulate ? *(const fk_v16 *)(to + u * plane + 16 * v) : (fk_v16){0};
  int image = first / height, y = first % height;
  for (int row = first; row < end; row++) {
    const float *g = plain + image * plain_image + y * plain_row, *x = last + image * last_image + y * last_row;
    for (int i = 0; i < width; i++, x += 16, g++) {
      fk_v16 b[FK_TAPS];
      FK_UNROLL for (int v = 0; v < taps; v++) b[v] = *(const fk_v16 *)(x + 16 * v);
      FK_UNROLL for (int u = 0; u < planes; u++) {
        float one = g[u * plain_plane];
        FK_UNROLL for (int v = 0; v < taps; v++) acc[u][v] += b[v] * one;
      }
    }
    if (++y == height) y = 0, image++;
  }
  FK_UNROLL for (int u = 0; u < planes; u++)
    FK_UNROLL for (int v = 0; v < taps; v++) *(fk_v16 *)(to + u * plane + 16 * v) = acc[u][v];
}

#define FK_CASE(n, v)                                                                                                   \
  case n * 4 + v:                                                                                                       \
    FK_NAME(outer_tile)(n, v, plain, plain_image, plain_plane, plain_row, x, last_image, last_row, height, width, first, \
                        end, accumulate, plane, at);                                                                    \
    break;
#if FK_LEVEL == 2
#define FK_CASES(n) FK_CASE(n, 1) FK_CASE(n, 2) FK_CASE(n, 3)
#else
#define FK_CASES(n) FK_CASE(n, 1)
#endif
static void FK_NAME(outer)(const float *plain, ptrdiff_t plain_image, ptrdiff_t plain_plane, ptrdiff_t plain_row, int planes,
                           const float *last, ptrdiff_t last_image, ptrdiff_t last_row, int height, int width, int first,
                           int end, int taps_y, int taps_x, int accumulate, float *to) {
  int tiles = (planes + FK_OUTER - 1) / FK_OUTER;
  ptrdiff_t plane = taps_y * taps_x * 16;
  for (int tile = 0; tile < tiles; tile++) {
    int rows = (planes + tiles - 1 - tile) / tiles;
    for (int r = 0; r < taps_y; r++)
      for (int s = 0; s < taps_x; s += FK_TAPS) {
        const float *x = last + r * last_row + 16 * s;
        float *at = to + (r * taps_x + s) * 16;
        switch (rows * 4 + (taps_x - s < FK_TAPS ? taps_x - s : FK_TAPS)) {
          FK_CASES(1)
          FK_CASES(2)
#if FK_OUTER > 2
          FK_CASES(3)
          FK_CASES(4)
          FK_CASES(5)
          FK_CASES(6)
#endif
#if FK_OUTER > 6
          FK_CASES(7)
          FK_CASES(8)
#endif
        }
      }
    plain += rows * plain_plane;
    to += rows * plane;
  }
}
#undef FK_CASES
#undef FK_CASE

// to[16][taps], contiguous, from at most 9 vectors of 16, plus `add` unless null.
FK_INLINE void FK_NAME(separate_lanes)(int taps, const fk_v16 *from, const float *add, float *to) {
  fk_v16 v[16];
  FK_UNROLL for (int t = 0; t < 16; t++) v[t] = t < taps ? from[t] : (fk_v16){0};
  FK_NAME(transpose)(v);
  float lanes[16 * 9 + 16];
  // Each lane's store covers what is of no use in the one before.
  FK_UNROLL for (int lane = 0; lane < 16; lane++) *(fk_v16 *)(lanes + taps * lane) = v[lane];
  for (int i = 0; i < 16 * taps; i += 16) {
    fk_v16 sum = *(const fk_v16 *)(lanes + i);
    *(fk_v16 *)(to + i) = add ? *(const fk_v16 *)(add + i) + sum : sum;
  }
}

static void FK_NAME(separate)(const float *partials, ptrdiff_t stride, int count, int planes, int taps, int flip, int lanes,
                              ptrdiff_t to_plane, ptrdiff_t to_lane, const float *add, float *to) {
  int whole = (taps == 9 || taps == 4) && !flip && lanes == 16 && to_lane == taps;
  for (int k = 0; k < planes; k++) {
    fk_v16 sums[9];
    for (int t = 0; t < taps; t++, partials += 16) {
      fk_v16 sum = *(const fk_v16 *)partials;
      for (int i = 1; i < count; i++) sum += *(const fk_v16 *)(partials + i * stride);
      if (whole) {
        sums[t] = sum;
        continue;
      }
      ptrdiff_t at = k * to_plane + (flip ? taps - 1 - t : t);
      for (int lane = 0; lane < lanes; lane++, at += to_lane) to[at] = add ? add[at] + sum[lane] : sum[lane];
    }
    if (whole && taps == 9) FK_NAME(separate_lanes)(9, sums, add ? add + k * to_plane : 0, to + k * to_plane);
    if (whole && taps == 4) FK_NAME(separate_lanes)(4, sums, add ? add + k * to_plane : 0, to + k * to_plane);
  }
}
