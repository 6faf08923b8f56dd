// The convolution's inner loops, compiled once for each processor level (see clones.h).

// Register tiles: 6 x 4 of 32 registers with AVX-512, 6 x 1 pair of 16 with AVX2, 2 x 1 of four without.
#if FK_LEVEL == 2
#define FK_BLOCKS 4
#define FK_ROWS 6
#define FK_SIDE 5
#elif FK_LEVEL == 1
#define FK_BLOCKS 1
#define FK_ROWS 6
#define FK_SIDE 2
#else
#define FK_BLOCKS 1
#define FK_ROWS 2
#define FK_SIDE 1
#endif
#define FK_PANEL (16 * FK_BLOCKS)

FK_INLINE float FK_NAME(total)(const fk_v16 *from) {
  fk_v16 v = *from;
  fk_v8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  fk_v4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
  return (b[0] + b[2]) + (b[1] + b[3]);
}

// Adds the pixels x0..<x0 + n of one tap's row to to[0..<n].
FK_INLINE void FK_NAME(read_row)(const fk_gather *taps, const float *from, int tap, int x0, int n, float *to) {
  const fk_run *run = taps->runs + tap;
  int low = run->low - x0, high = run->high - x0;
  low = low < 0 ? 0 : low > n ? n : low;
  high = high > n ? n : high < low ? low : high;
  for (int i = 0; i < low; i++) to[i] = 0;
  if (taps->step == 1) {
    const float *base = from + x0 + run->offset;
    int i = low;
    for (; i + 16 <= high; i += 16) *(fk_v16 *)(to + i) = *(const fk_v16 *)(base + i);
    for (; i < high; i++) to[i] = base[i];
  } else {
    const float *base = from + 2 * x0 + run->offset;
    for (int i = low; i < high; i++) to[i] = base[2 * i] + base[2 * i + 1];
  }
  for (int i = high; i < n; i++) to[i] = 0;
  const int32_t *extra = taps->extras + 2 * run->extra_first;
  for (int e = 0; e < run->extra_count; e++, extra += 2) {
    int i = extra[0] - x0;
    if (i >= 0 && i < n) to[i] += from[extra[1]];
  }
}

static void FK_NAME(gather)(const fk_gather *taps, const float *from, int panel, int first_channel, int channels, float *to,
                            float *row) {
  int area = taps->height * taps->width, total = taps->batch * area, count = taps->taps_y * taps->taps_x;
  size_t plane = (size_t)taps->source_height * taps->source_width;
  int pixel = panel * FK_PANEL, end = pixel + FK_PANEL;
  if (end > total) {
    for (int i = 0; i < channels * count; i++)
      for (int j = total - pixel; j < FK_PANEL; j++) to[i * FK_PANEL + j] = 0;
    end = total;
  }
  for (int at = 0; pixel < end;) {
    int image = pixel / area, y = pixel % area / taps->width, x = pixel % taps->width;
    int n = taps->width - x < end - pixel ? taps->width - x : end - pixel;
    const float *base = from + ((size_t)image * taps->channels + first_channel) * plane;
    for (int c = 0; c < channels; c++, base += plane)
      for (int r = 0; r < taps->taps_y; r++) {
        const int32_t *start = taps->row_starts + r * taps->height + y;
        int rows = start[1] - start[0];
        const float *source = row;
        if (rows == 1) {
          source = base + (size_t)taps->rows[start[0]] * taps->source_width;
        } else {
          memset(row, 0, sizeof(float) * taps->source_width);
          for (int i = 0; i < rows; i++) {
            const float *one = base + (size_t)taps->rows[start[0] + i] * taps->source_width;
            for (int j = 0; j < taps->source_width; j++) row[j] += one[j];
          }
        }
        for (int s = 0; s < taps->taps_x; s++)
          FK_NAME(read_row)(taps, source, s, x, n, to + (size_t)(c * count + r * taps->taps_x + s) * FK_PANEL + at);
      }
    at += n;
    pixel += n;
  }
}

// One register tile: `rows` outputs of `blocks` vectors.
FK_INLINE void FK_NAME(multiply_tile)(int rows, int blocks, const float *from, int channels, int taps, const float *w,
                                      ptrdiff_t w_out, ptrdiff_t w_in, float *sums) {
  fk_v16 acc[FK_ROWS][FK_BLOCKS];
  FK_UNROLL for (int u = 0; u < rows; u++)
    FK_UNROLL for (int b = 0; b < blocks; b++) acc[u][b] = *(const fk_v16 *)(sums + u * FK_PANEL + 16 * b);
  for (int c = 0; c < channels; c++, w += w_in)
    for (int t = 0; t < taps; t++, from += FK_PANEL) {
      fk_v16 x[FK_BLOCKS];
      FK_UNROLL for (int b = 0; b < blocks; b++) x[b] = *(const fk_v16 *)(from + 16 * b);
      FK_UNROLL for (int u = 0; u < rows; u++) {
        float one = w[u * w_out + t];
        FK_UNROLL for (int b = 0; b < blocks; b++) acc[u][b] += x[b] * one;
      }
    }
  FK_UNROLL for (int u = 0; u < rows; u++)
    FK_UNROLL for (int b = 0; b < blocks; b++) *(fk_v16 *)(sums + u * FK_PANEL + 16 * b) = acc[u][b];
}

#define FK_CASE(n) case n: FK_NAME(multiply_tile)(n, blocks, from, channels, taps, w, w_out, w_in, sums); break;
FK_INLINE void FK_NAME(multiply_rows)(int blocks, const float *from, int channels, int taps, const float *w, ptrdiff_t w_out,
                                      ptrdiff_t w_in, int outs, float *sums) {
  int tiles = (outs + FK_ROWS - 1) / FK_ROWS;
  for (int tile = 0; tile < tiles; tile++) {
    int rows = (outs + tiles - 1 - tile) / tiles;
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
    sums += rows * FK_PANEL;
  }
}
#undef FK_CASE

static void FK_NAME(multiply)(const float *from, int channels, int taps, int pixels, const float *w, ptrdiff_t w_out,
                              ptrdiff_t w_in, int outs, float *sums) {
#if FK_BLOCKS == 4
  if (pixels <= 16) return FK_NAME(multiply_rows)(1, from, channels, taps, w, w_out, w_in, outs, sums);
  if (pixels <= 32) return FK_NAME(multiply_rows)(2, from, channels, taps, w, w_out, w_in, outs, sums);
#endif
  (void)pixels;
  FK_NAME(multiply_rows)(FK_BLOCKS, from, channels, taps, w, w_out, w_in, outs, sums);
}

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
    FK_UNROLL for (int v = 0; v < columns; v++) sums[u][v] = FK_NAME(total)(&acc[u][v]);
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

static const fk_convolution_functions FK_NAME(functions) = {
    FK_PANEL, FK_NAME(gather), FK_NAME(multiply), FK_NAME(store), FK_NAME(dot), FK_NAME(combine),
};

#undef FK_BLOCKS
#undef FK_ROWS
#undef FK_SIDE
#undef FK_PANEL
