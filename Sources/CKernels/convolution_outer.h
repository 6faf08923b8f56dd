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

// Fills the border of to[height + 2 * y][width + 2 * x][n] from its inside.
FK_INLINE void FK_NAME(fill_border)(fk_extent extent, fk_border border, ptrdiff_t n, float *to) {
  const ptrdiff_t height = extent.height, width = extent.width, row = (width + 2 * border.x) * n;
  for (ptrdiff_t y = 0; y < height; y++) {
    float *left = to + (y + border.y) * row + border.x * n, *right = left + (width - 1) * n;
    for (ptrdiff_t i = 1; i <= border.x; i++) {
      ptrdiff_t from = border.kind == 1 ? i * n : 0;
      for (ptrdiff_t j = 0; j < n; j++) {
        left[j - i * n] = border.kind ? left[j + from] : 0;
        right[j + i * n] = border.kind ? right[j - from] : 0;
      }
    }
  }
  float *top = to + border.y * row, *bottom = top + (height - 1) * row;
  const size_t bytes = (size_t)row * sizeof(float);
  for (ptrdiff_t i = 1; i <= border.y; i++) {
    ptrdiff_t from = border.kind == 1 ? i * row : 0;
    if (border.kind) {
      memcpy(top - i * row, top + from, bytes);
      memcpy(bottom + i * row, bottom - from, bytes);
    } else {
      memset(top - i * row, 0, bytes);
      memset(bottom + i * row, 0, bytes);
    }
  }
}

static void FK_NAME(interleave)(const fk_planes *planes, fk_extent extent, const fk_border *border, float *to) {
  const ptrdiff_t area = extent.height * extent.width, width = extent.width, gap = 32 * border->x;
  const fk_planes from = *planes;
  const ptrdiff_t plane = from.plane;
  float *at = to + (border->y * (width + 2 * border->x) + border->x) * 16;
  ptrdiff_t x = 0, i = 0;
  for (; i + 16 <= area; i += 16) {
    fk_v16 v[16];
    if (from.count == 16) {
      FK_UNROLL for (int c = 0; c < 16; c++) v[c] = *(const fk_v16 *)(from.at + c * plane + i);
    } else {
      for (int c = 0; c < 16; c++) v[c] = c < from.count ? *(const fk_v16 *)(from.at + c * plane + i) : (fk_v16){0};
    }
    FK_NAME(transpose)(v);
    for (int j = 0; j < 16; j++) {
      *(fk_v16 *)at = v[j];
      at += 16;
      if (++x == width) x = 0, at += gap;
    }
  }
  for (; i < area; i++) {
    for (int c = 0; c < 16; c++) at[c] = c < from.count ? from.at[c * plane + i] : 0;
    at += 16;
    if (++x == width) x = 0, at += gap;
  }
  FK_NAME(fill_border)(extent, *border, 16, to);
}

static void FK_NAME(pad)(const float *from, ptrdiff_t count, fk_extent extent, const fk_border *border, float *to) {
  const ptrdiff_t height = extent.height, width = extent.width, pitch = width + 2 * border->x;
  for (ptrdiff_t c = 0; c < count; c++, to += pitch * (height + 2 * border->y)) {
    for (ptrdiff_t y = 0; y < height; y++, from += width)
      memcpy(to + (y + border->y) * pitch + border->x, from, (size_t)width * sizeof(float));
    FK_NAME(fill_border)(extent, *border, 1, to);
  }
}

FK_INLINE void FK_NAME(outer_tile)(int planes, int taps, fk_images plain, const float *last, ptrdiff_t last_image,
                                   ptrdiff_t last_row, fk_rows rows, bool accumulate, ptrdiff_t plane, float *to) {
  fk_v16 acc[FK_OUTER][FK_TAPS];
  FK_UNROLL for (int u = 0; u < planes; u++)
    FK_UNROLL for (int v = 0; v < taps; v++)
      acc[u][v] = accumulate ? *(const fk_v16 *)(to + u * plane + 16 * v) : (fk_v16){0};
  ptrdiff_t image = rows.first / rows.height, y = rows.first % rows.height;
  for (ptrdiff_t row = rows.first; row < rows.end; row++) {
    const float *g = plain.at + image * plain.image + y * plain.row, *x = last + image * last_image + y * last_row;
    for (ptrdiff_t i = 0; i < rows.width; i++, x += 16, g++) {
      fk_v16 b[FK_TAPS];
      FK_UNROLL for (int v = 0; v < taps; v++) b[v] = *(const fk_v16 *)(x + 16 * v);
      FK_UNROLL for (int u = 0; u < planes; u++) {
        float one = g[u * plain.plane];
        FK_UNROLL for (int v = 0; v < taps; v++) acc[u][v] += b[v] * one;
      }
    }
    if (++y == rows.height) y = 0, image++;
  }
  FK_UNROLL for (int u = 0; u < planes; u++)
    FK_UNROLL for (int v = 0; v < taps; v++) *(fk_v16 *)(to + u * plane + 16 * v) = acc[u][v];
}

#define FK_CASE(n, v) \
  case n * 4 + v: FK_NAME(outer_tile)(n, v, some, x, last->image, last->row, *rows, accumulate, plane, at); break;
#if FK_LEVEL == 2
#define FK_CASES(n) FK_CASE(n, 1) FK_CASE(n, 2) FK_CASE(n, 3)
#else
#define FK_CASES(n) FK_CASE(n, 1)
#endif
static void FK_NAME(outer)(const fk_images *plain, const fk_images *last, const fk_rows *rows, ptrdiff_t taps_y, ptrdiff_t taps_x,
                           bool accumulate, float *to) {
  fk_images some = *plain;
  const ptrdiff_t tiles = (some.count + FK_OUTER - 1) / FK_OUTER, planes = some.count, plane = taps_y * taps_x * 16;
  for (ptrdiff_t tile = 0; tile < tiles; tile++) {
    const ptrdiff_t count = (planes + tiles - 1 - tile) / tiles;
    for (ptrdiff_t r = 0; r < taps_y; r++)
      for (ptrdiff_t s = 0; s < taps_x; s += FK_TAPS) {
        const float *x = last->at + r * last->row + 16 * s;
        float *at = to + (r * taps_x + s) * 16;
        switch (count * 4 + (taps_x - s < FK_TAPS ? taps_x - s : FK_TAPS)) {
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
    some.at += count * some.plane;
    to += count * plane;
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

static void FK_NAME(separate)(const fk_partials *partials, ptrdiff_t planes, ptrdiff_t taps, bool flip, ptrdiff_t lanes,
                              const fk_gradient *gradient) {
  const ptrdiff_t plane = gradient->plane, channel = gradient->channel, count = partials->count, stride = partials->stride;
  const int whole = (taps == 9 || taps == 4) && !flip && lanes == 16 && channel == taps;
  const float *from = partials->at, *add = gradient->add;
  float *to = gradient->to;
  for (ptrdiff_t k = 0; k < planes; k++, to += plane) {
    fk_v16 sums[9];
    for (ptrdiff_t t = 0; t < taps; t++, from += 16) {
      fk_v16 sum = *(const fk_v16 *)from;
      for (ptrdiff_t i = 1; i < count; i++) sum += *(const fk_v16 *)(from + i * stride);
      if (whole) {
        sums[t] = sum;
        continue;
      }
      ptrdiff_t at = flip ? taps - 1 - t : t;
      for (ptrdiff_t lane = 0; lane < lanes; lane++, at += channel) to[at] = add ? add[at] + sum[lane] : sum[lane];
    }
    if (whole && taps == 9) FK_NAME(separate_lanes)(9, sums, add, to);
    if (whole && taps == 4) FK_NAME(separate_lanes)(4, sums, add, to);
    if (add) add += plane;
  }
}
