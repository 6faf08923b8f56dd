// The filter slot as products of vectors of pixels.

FK_INLINE float FK_NAME(lanes_total)(const fk_v16 *from) {
  fk_v16 v = *from;
  fk_v8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  fk_v4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
  return (b[0] + b[2]) + (b[1] + b[3]);
}

FK_INLINE void FK_NAME(dot_tile)(int rows, int columns, const float *plain, ptrdiff_t plain_stride, const float *tapped,
                                 ptrdiff_t tapped_stride, ptrdiff_t panels, float sums[FK_SIDE][FK_SIDE]) {
  fk_v16 acc[FK_SIDE][FK_SIDE];
  FK_UNROLL for (int u = 0; u < rows; u++) FK_UNROLL for (int v = 0; v < columns; v++) acc[u][v] = (fk_v16){0};
  for (ptrdiff_t panel = 0; panel < panels; panel++, plain += plain_stride, tapped += tapped_stride)
    for (int i = 0; i < FK_PANEL; i += 16) {
      fk_v16 b[FK_SIDE];
      FK_UNROLL for (int v = 0; v < columns; v++) b[v] = *(const fk_v16 *)(tapped + v * FK_PANEL + i);
      FK_UNROLL for (int u = 0; u < rows; u++) {
        fk_v16 a = *(const fk_v16 *)(plain + u * FK_PANEL + i);
        FK_UNROLL for (int v = 0; v < columns; v++) acc[u][v] += a * b[v];
      }
    }
  FK_UNROLL for (int u = 0; u < rows; u++)
    FK_UNROLL for (int v = 0; v < columns; v++) sums[u][v] = FK_NAME(lanes_total)(&acc[u][v]);
}

#define FK_CASE(u, v) case u * 8 + v: FK_NAME(dot_tile)(u, v, p, plain->panel, q, tapped->panel, panels, sums); break;
#define FK_CASES(u) FK_CASE(u, 1) FK_CASE(u, 2) FK_CASE(u, 3) FK_CASE(u, 4) FK_CASE(u, 5)
static void FK_NAME(dot)(const fk_panels *plain, const fk_panels *tapped, ptrdiff_t taps, ptrdiff_t panels,
                         const fk_gradient *gradient) {
  const ptrdiff_t columns = tapped->channels * taps, tiles = (plain->channels + FK_SIDE - 1) / FK_SIDE;
  for (ptrdiff_t j = 0; j < columns; j += FK_SIDE) {
    ptrdiff_t v = columns - j < FK_SIDE ? columns - j : FK_SIDE;
    for (ptrdiff_t tile = 0, k = 0; tile < tiles; tile++) {
      ptrdiff_t u = (plain->channels + tiles - 1 - tile) / tiles;
      const float *p = plain->at + k * FK_PANEL, *q = tapped->at + j * FK_PANEL;
      float sums[FK_SIDE][FK_SIDE];
      switch (u * 8 + v) {
#if FK_SIDE == 5
        FK_CASES(1) FK_CASES(2) FK_CASES(3) FK_CASES(4) FK_CASES(5)
#elif FK_SIDE == 2
        FK_CASE(1, 1) FK_CASE(1, 2) FK_CASE(2, 1) FK_CASE(2, 2)
#else
        FK_CASE(1, 1)
#endif
      }
      for (ptrdiff_t b = 0; b < v; b++) {
        ptrdiff_t at = (j + b) / taps * gradient->channel + (j + b) % taps + k * gradient->plane;
        for (ptrdiff_t a = 0; a < u; a++, at += gradient->plane)
          gradient->to[at] = sums[a][b] + (gradient->add ? gradient->add[at] : 0);
      }
      k += u;
    }
  }
}
#undef FK_CASES
#undef FK_CASE

static void FK_NAME(combine)(const fk_partials *partials, ptrdiff_t n, const float *add, float *to) {
  const ptrdiff_t count = partials->count, stride = partials->stride;
  const float *from = partials->at;
  for (ptrdiff_t i = 0; i < n; i++) {
    float sum = from[i];
    for (ptrdiff_t j = 1; j < count; j++) sum += from[j * stride + i];
    to[i] = add ? add[i] + sum : sum;
  }
}

FK_INLINE void FK_NAME(dot_rows_tile)(int planes, int columns, const float *plain, ptrdiff_t plain_plane, const float *from,
                                      const ptrdiff_t *bases, const int32_t *const *reads, ptrdiff_t rows, ptrdiff_t width,
                                      bool accumulate, ptrdiff_t plane, float *sums) {
  fk_v16 acc[FK_DOT_PLANES][FK_DOT_COLUMNS];
  FK_UNROLL for (int u = 0; u < planes; u++)
    FK_UNROLL for (int v = 0; v < columns; v++)
      acc[u][v] = accumulate ? *(const fk_v16 *)(sums + u * plane + 16 * v) : (fk_v16){0};
  const ptrdiff_t whole = width / 16 * 16, rest = width - whole;
  fk_v16 mask;
  for (int i = 0; i < 16; i++) mask[i] = i >= 16 - rest;
  for (ptrdiff_t y = 0; y < rows; y++) {
    const float *g = plain + y * width, *x[FK_DOT_COLUMNS];
    FK_UNROLL for (int v = 0; v < columns; v++) x[v] = from + bases[v] + reads[v][y];
    for (ptrdiff_t i = 0; i < whole; i += 16) {
      fk_v16 b[FK_DOT_COLUMNS];
      FK_UNROLL for (int v = 0; v < columns; v++) b[v] = *(const fk_v16 *)(x[v] + i);
      FK_UNROLL for (int u = 0; u < planes; u++) {
        fk_v16 a = *(const fk_v16 *)(g + u * plain_plane + i);
        FK_UNROLL for (int v = 0; v < columns; v++) acc[u][v] += a * b[v];
      }
    }
    if (rest) {
      ptrdiff_t i = width - 16;
      FK_UNROLL for (int u = 0; u < planes; u++) {
        fk_v16 a = mask * *(const fk_v16 *)(g + u * plain_plane + i);
        FK_UNROLL for (int v = 0; v < columns; v++) acc[u][v] += a * *(const fk_v16 *)(x[v] + i);
      }
    }
  }
  FK_UNROLL for (int u = 0; u < planes; u++)
    FK_UNROLL for (int v = 0; v < columns; v++) *(fk_v16 *)(sums + u * plane + 16 * v) = acc[u][v];
}

#define FK_CASE(u, v)                                                                                                   \
  case u * 8 + v:                                                                                                       \
    FK_NAME(dot_rows_tile)(u, v, one.at + k * one.plane, one.plane, other.at, bases, read, extent.height, extent.width, \
                           accumulate, plane, at);                                                                      \
    break;
#define FK_CASES(u) FK_CASE(u, 1) FK_CASE(u, 2) FK_CASE(u, 3) FK_CASE(u, 4) FK_CASE(u, 5) FK_CASE(u, 6)
static void FK_NAME(dot_rows)(const fk_planes *plain, const fk_planes *from, const fk_row_reads *reads, fk_extent extent,
                              bool accumulate, float *sums) {
  const fk_planes one = *plain, other = *from;
  const fk_row_reads table = *reads;
  const ptrdiff_t columns = other.count * table.taps, column_tiles = (columns + FK_DOT_COLUMNS - 1) / FK_DOT_COLUMNS;
  const ptrdiff_t plane_tiles = (one.count + FK_DOT_PLANES - 1) / FK_DOT_PLANES, plane = columns * 16;
  for (ptrdiff_t i = 0, j = 0; i < column_tiles; i++) {
    ptrdiff_t v = (columns + column_tiles - 1 - i) / column_tiles;
    ptrdiff_t bases[FK_DOT_COLUMNS];
    const int32_t *read[FK_DOT_COLUMNS];
    for (ptrdiff_t b = 0; b < v; b++) {
      bases[b] = (j + b) / table.taps * other.plane;
      read[b] = table.at + (j + b) % table.taps * table.stride;
    }
    for (ptrdiff_t tile = 0, k = 0; tile < plane_tiles; tile++) {
      ptrdiff_t u = (one.count + plane_tiles - 1 - tile) / plane_tiles;
      float *at = sums + k * plane + j * 16;
      switch (u * 8 + v) {
#if FK_LEVEL == 2
        FK_CASES(1) FK_CASES(2) FK_CASES(3) FK_CASES(4)
#elif FK_LEVEL == 1
        FK_CASE(1, 1) FK_CASE(1, 2) FK_CASE(2, 1) FK_CASE(2, 2)
#else
        FK_CASE(1, 1)
#endif
      }
      k += u;
    }
    j += v;
  }
}
#undef FK_CASES
#undef FK_CASE

static void FK_NAME(total)(const float *sums, ptrdiff_t count, float *to) {
  for (ptrdiff_t i = 0; i < count; i++) to[i] = FK_NAME(lanes_total)((const fk_v16 *)(sums + 16 * i));
}
