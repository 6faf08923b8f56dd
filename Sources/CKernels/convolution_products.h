// The output and image slots: filters times prepared pixels.

// One register tile: `rows` outputs of `blocks` vectors.
FK_INLINE void FK_NAME(multiply_tile)(int rows, int blocks, const float *from, ptrdiff_t stride, int channels,
                                      const int32_t *reads, int taps, const float *w, ptrdiff_t w_out, ptrdiff_t w_in,
                                      const float *next, const float *add, const int32_t *writes, ptrdiff_t plane, float *to) {
  fk_v16 acc[FK_ROWS][FK_BLOCKS];
  FK_UNROLL for (int u = 0; u < rows; u++)
    FK_UNROLL for (int b = 0; b < blocks; b++) acc[u][b] = add ? *(const fk_v16 *)(add + u * plane + writes[b]) : (fk_v16){0};
  for (int c = 0; c < channels; c++, w += w_in, next += w_in, from += stride) {
    FK_UNROLL for (int u = 0; u < rows; u++) __builtin_prefetch(next + u * w_out);
    const int32_t *read = reads;
    for (int t = 0; t < taps; t++, read += FK_BLOCKS) {
      fk_v16 x[FK_BLOCKS];
      FK_UNROLL for (int b = 0; b < blocks; b++) x[b] = *(const fk_v16 *)(from + read[b]);
      FK_UNROLL for (int u = 0; u < rows; u++) {
        float one = w[u * w_out + t];
        FK_UNROLL for (int b = 0; b < blocks; b++) acc[u][b] += x[b] * one;
      }
    }
  }
  FK_UNROLL for (int u = 0; u < rows; u++)
    FK_UNROLL for (int b = 0; b < blocks; b++) *(fk_v16 *)(to + u * plane + writes[b]) = acc[u][b];
}

#define FK_CASE(n)                                                                                                     \
  case n:                                                                                                              \
    FK_NAME(multiply_tile)(n, blocks, from, stride, channels, reads, taps, w, w_out, w_in, next, add, writes, plane, to); \
    break;
FK_INLINE void FK_NAME(multiply_rows)(int blocks, const float *from, ptrdiff_t stride, int channels, const int32_t *reads,
                                      int taps, const float *w, ptrdiff_t w_out, ptrdiff_t w_in, int outs, const float *add,
                                      const int32_t *writes, ptrdiff_t plane, float *to) {
  int tiles = (outs + FK_ROWS - 1) / FK_ROWS;
  const float *after = w + channels * w_in;
  for (int tile = 0; tile < tiles; tile++) {
    int rows = (outs + tiles - 1 - tile) / tiles;
    // The filter of the next tile, or of the first one for the channels that follow, is fetched meanwhile.
    const float *next = tile == tiles - 1 ? after : w + rows * w_out;
    switch (rows) {
      FK_CASE(1)
      FK_CASE(2)
#if FK_ROWS > 2
      FK_CASE(3)
      FK_CASE(4)
      FK_CASE(5)
      FK_CASE(6)
#endif
    }
    w += rows * w_out;
    to += rows * plane;
    if (add) add += rows * plane;
  }
}
#undef FK_CASE

FK_INLINE void FK_NAME(fetch)(fk_soon soon, int panel) {
  for (int p = 0; p < soon.planes; p++)
    for (int b = 0; b < FK_BLOCKS; b++)
      __builtin_prefetch(soon.from + p * soon.plane + (panel * FK_BLOCKS + b) * (ptrdiff_t)16, 0, 2);
}

#define FK_CASE(n)                                                                                                      \
  case n:                                                                                                               \
    FK_NAME(multiply_rows)(n, from, stride, channels, reads, taps, w, w_out, w_in, outs, add, writes, plane, to);       \
    break;
static void FK_NAME(multiply)(const float *from, ptrdiff_t stride, int channels, const int32_t *reads, int taps, int panels,
                              int last_used, const float *w, ptrdiff_t w_out, ptrdiff_t w_in, int outs, const float *add,
                              const int32_t *writes, ptrdiff_t plane, float *to, fk_soon soon) {
  for (int panel = 0; panel < panels; panel++, reads += taps * FK_BLOCKS, writes += FK_BLOCKS) {
    FK_NAME(fetch)(soon, panel);
    switch (panel == panels - 1 ? last_used : FK_BLOCKS) {
      FK_CASE(1)
#if FK_BLOCKS == 4
      FK_CASE(2)
      FK_CASE(3)
      FK_CASE(4)
#endif
    }
  }
}
#undef FK_CASE

static void FK_NAME(store)(const float *sums, int panel, int batch, int planes, int area, int first, int outs, const float *add,
                           float *to) {
  int pixel = panel * FK_PANEL, total = batch * area, end = pixel + FK_PANEL < total ? pixel + FK_PANEL : total;
  for (int at = 0; pixel < end;) {
    int image = pixel / area, p = pixel % area, n = area - p < end - pixel ? area - p : end - pixel;
    for (int m = 0; m < outs; m++) {
      size_t offset = ((size_t)image * planes + first + m) * area + p;
      const float *from = sums + m * FK_PANEL + at;
      if (add)
        for (int i = 0; i < n; i++) to[offset + i] = add[offset + i] + from[i];
      else
        memcpy(to + offset, from, sizeof(float) * n);
    }
    at += n;
    pixel += n;
  }
}
