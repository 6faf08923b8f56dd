// The output and image slots: filters times prepared pixels.

// One register tile: `rows` outputs of `blocks` vectors.
FK_INLINE void FK_NAME(multiply_tile)(int rows, int blocks, const float *from, ptrdiff_t stride, ptrdiff_t channels,
                                      const int32_t *reads, ptrdiff_t taps, const float *w, ptrdiff_t w_out, ptrdiff_t w_in,
                                      const float *next, const float *add, const int32_t *writes, ptrdiff_t plane, float *to) {
  fk_v16 acc[FK_ROWS][FK_BLOCKS];
  FK_UNROLL for (int u = 0; u < rows; u++)
    FK_UNROLL for (int b = 0; b < blocks; b++) acc[u][b] = add ? *(const fk_v16 *)(add + u * plane + writes[b]) : (fk_v16){0};
  for (ptrdiff_t c = 0; c < channels; c++, w += w_in, next += w_in, from += stride) {
    FK_UNROLL for (int u = 0; u < rows; u++) __builtin_prefetch(next + u * w_out);
    const int32_t *read = reads;
    for (ptrdiff_t t = 0; t < taps; t++, read += FK_BLOCKS) {
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
    FK_NAME(multiply_tile)(n, blocks, from.at, from.plane, from.count, reads, taps, w, filter.out, filter.in, next, add, writes, \
                           plane, to);                                                                                 \
    break;
FK_INLINE void FK_NAME(multiply_rows)(int blocks, fk_planes from, const int32_t *reads, ptrdiff_t taps, fk_filter filter,
                                      const float *add, const int32_t *writes, ptrdiff_t plane, float *to) {
  const ptrdiff_t tiles = (filter.outs + FK_ROWS - 1) / FK_ROWS;
  const float *w = filter.at, *after = w + from.count * filter.in;
  for (ptrdiff_t tile = 0; tile < tiles; tile++) {
    const ptrdiff_t rows = (filter.outs + tiles - 1 - tile) / tiles;
    // The filter of the next tile, or of the first one for the channels that follow, is fetched meanwhile.
    const float *next = tile == tiles - 1 ? after : w + rows * filter.out;
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
    w += rows * filter.out;
    to += rows * plane;
    if (add) add += rows * plane;
  }
}
#undef FK_CASE

FK_INLINE void FK_NAME(fetch)(const fk_planes *soon, ptrdiff_t panel) {
  if (!soon) return;
  for (ptrdiff_t p = 0; p < soon->count; p++)
    for (int b = 0; b < FK_BLOCKS; b++) __builtin_prefetch(soon->at + p * soon->plane + (panel * FK_BLOCKS + b) * 16, 0, 2);
}

#define FK_CASE(n) \
  case n: FK_NAME(multiply_rows)(n, planes, read, taps, filters, add, place, plane, to); break;
static void FK_NAME(multiply)(const fk_planes *from, const fk_reads *reads, const fk_filter *filter, const fk_writes *writes,
                              const fk_planes *soon) {
  // Read once: as far as the compiler knows, what is stored below may lie where these do.
  const fk_planes planes = *from;
  const fk_filter filters = *filter;
  const ptrdiff_t taps = reads->taps, panels = reads->panels, last_used = reads->last_used, plane = writes->plane;
  const int32_t *read = reads->at, *place = writes->places;
  const float *add = writes->add;
  float *to = writes->to;
  for (ptrdiff_t panel = 0; panel < panels; panel++, read += taps * FK_BLOCKS, place += FK_BLOCKS) {
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

// Where the vectors of a gathered panel are.
static const int32_t FK_NAME(panel_places)[FK_BLOCKS] = {
    0,
#if FK_BLOCKS == 4
    16, 32, 48,
#endif
};

static void FK_NAME(store)(const float *sums, ptrdiff_t panel, const fk_result *result) {
  const ptrdiff_t area = result->height * result->width, total = result->batch * area;
  ptrdiff_t pixel = panel * FK_PANEL;
  const ptrdiff_t end = pixel + FK_PANEL < total ? pixel + FK_PANEL : total;
  for (ptrdiff_t at = 0; pixel < end;) {
    ptrdiff_t image = pixel / area, p = pixel % area, n = area - p < end - pixel ? area - p : end - pixel;
    for (ptrdiff_t m = 0; m < result->outs; m++) {
      ptrdiff_t offset = (image * result->planes + result->first + m) * area + p;
      const float *from = sums + m * FK_PANEL + at;
      const float *add = result->add;
      float *to = result->to + offset;
      if (add)
        for (ptrdiff_t i = 0; i < n; i++) to[i] = add[offset + i] + from[i];
      else
        memcpy(to, from, sizeof(float) * (size_t)n);
    }
    at += n;
    pixel += n;
  }
}
