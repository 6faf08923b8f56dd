// The filter slot as products of vectors of pixels.

FK_INLINE float FK_NAME(lanes_total)(const fk_v16 *from) {
  fk_v16 v = *from;
  fk_v8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  fk_v4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
  return (b[0] + b[2]) + (b[1] + b[3]);
}

FK_INLINE void FK_NAME(dot_tile)(int rows, int columns, const float *plain, ptrdiff_t plain_stride, const float *tapped,
                                 ptrdiff_t tapped_stride, int panels, float sums[FK_SIDE][FK_SIDE]) {
  fk_v16 acc[FK_SIDE][FK_SIDE];
  FK_UNROLL for (int u = 0; u < rows; u++) FK_UNROLL for (int v = 0; v < columns; v++) acc[u][v] = (fk_v16){0};
  for (int panel = 0; panel < panels; panel++, plain += plain_stride, tapped += tapped_stride)
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

#define FK_CASE(u, v) case u * 8 + v: FK_NAME(dot_tile)(u, v, p, plain_stride, q, tapped_stride, panels, sums); break;
#define FK_CASES(u) FK_CASE(u, 1) FK_CASE(u, 2) FK_CASE(u, 3) FK_CASE(u, 4) FK_CASE(u, 5)
static void FK_NAME(dot)(const float *plain, ptrdiff_t plain_stride, int plains, const float *tapped, ptrdiff_t tapped_stride,
                         int channels, int taps, int panels, ptrdiff_t to_plain, ptrdiff_t to_channel, int accumulate, float *to) {
  int columns = channels * taps;
  for (int j = 0; j < columns; j += FK_SIDE) {
    int v = columns - j < FK_SIDE ? columns - j : FK_SIDE;
    int tiles = (plains + FK_SIDE - 1) / FK_SIDE;
    for (int tile = 0, k = 0; tile < tiles; tile++) {
      int u = (plains + tiles - 1 - tile) / tiles;
      const float *p = plain + (size_t)k * FK_PANEL, *q = tapped + (size_t)j * FK_PANEL;
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
      for (int b = 0; b < v; b++) {
        float *one = to + (j + b) / taps * to_channel + (j + b) % taps + k * to_plain;
        for (int a = 0; a < u; a++) one[a * to_plain] = sums[a][b] + (accumulate ? one[a * to_plain] : 0);
      }
      k += u;
    }
  }
}
#undef FK_CASES
#undef FK_CASE

static void FK_NAME(combine)(const float *partials, ptrdiff_t stride, int count, int n, const float *add, float *to) {
  for (int i = 0; i < n; i++) {
    float sum = partials[i];
    for (int j = 1; j < count; j++) sum += partials[j * stride + i];
    to[i] = add ? add[i] + sum : sum;
  }
}

FK_INLINE void FK_NAME(dot_rows_tile)(int planes, int columns, const float *plain, ptrdiff_t plain_plane, const float *from,
                                      const ptrdiff_t *bases, const int32_t *const *reads, int rows, int width,
                                      int accumulate, ptrdiff_t plane, float *sums) {
  fk_v16 acc[FK_DOT_PLANES][FK_DOT_COLUMNS];
  FK_UNROLL for (int u = 0; u < planes; u++)
    FK_UNROLL for (int v = 0; v < columns; v++)
      acc[u][v] = accumulate ? *(const fk_v16 *)(sums + u * plane + 16 * v) : (fk_v16){0};
  int whole = width / 16 * 16, rest = width - whole;
  fk_v16 mask;
  for (int i = 0; i < 16; i++) mask[i] = i >= 16 - rest;
  for (int y = 0; y < rows; y++) {
    const float *g = plain + (size_t)y * width, *x[FK_DOT_COLUMNS];
    FK_UNROLL for (int v = 0; v < columns; v++) x[v] = from + bases[v] + reads[v][y];
    for (int i = 0; i < whole; i += 16) {
      fk_v16 b[FK_DOT_COLUMNS];
      FK_UNROLL for (int v = 0; v < columns; v++) b[v] = *(const fk_v16 *)(x[v] + i);
      FK_UNROLL for (int u = 0; u < planes; u++) {
        fk_v16 a = *(const fk_v16 *)(g + u * plain_plane + i);
        FK_UNROLL for (int v = 0; v < columns; v++) acc[u][v] += a * b[v];
      }
    }
    if (rest) {
      int i = width - 16;
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
    FK_NAME(dot_rows_tile)(u, v, plain + k * plain_plane, plain_plane, from, bases, read, rows, width, accumulate, plane, at); \
    break;
#define FK_CASES(u) FK_CASE(u, 1) FK_CASE(u, 2) FK_CASE(u, 3) FK_CASE(u, 4) FK_CASE(u, 5) FK_CASE(u, 6)
static void FK_NAME(dot_rows)(const float *plain, ptrdiff_t plain_plane, int planes, const float *from, ptrdiff_t stride,
                              int channels, const int32_t *reads, int read_rows, int taps, int rows, int width,
                              int accumulate, float *sums) {
  int columns = channels * taps, column_tiles = (columns + FK_DOT_COLUMNS - 1) / FK_DOT_COLUMNS;
  int plane_tiles = (planes + FK_DOT_PLANES - 1) / FK_DOT_PLANES;
  ptrdiff_t plane = (ptrdiff_t)columns * 16;
  for (int i = 0, j = 0; i < column_tiles; i++) {
    int v = (columns + column_tiles - 1 - i) / column_tiles;
    ptrdiff_t bases[FK_DOT_COLUMNS];
    const int32_t *read[FK_DOT_COLUMNS];
    for (int b = 0; b < v; b++) {
      bases[b] = (j + b) / taps * stride;
      read[b] = reads + (j + b) % taps * read_rows;
    }
    for (int tile = 0, k = 0; tile < plane_tiles; tile++) {
      int u = (planes + plane_tiles - 1 - tile) / plane_tiles;
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

static void FK_NAME(total)(const float *sums, int count, float *to) {
  for (int i = 0; i < count; i++) to[i] = FK_NAME(lanes_total)((const fk_v16 *)(sums + 16 * (size_t)i));
}
