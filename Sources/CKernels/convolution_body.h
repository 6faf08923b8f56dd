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

FK_INLINE float FK_NAME(lanes_total)(const fk_v16 *from) {
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
FK_INLINE void FK_NAME(multiply_tile)(int rows, int blocks, const float *from, ptrdiff_t stride, int channels,
                                      const int32_t *reads, int taps, const float *w, ptrdiff_t w_out, ptrdiff_t w_in,
                                      const float *add, const int32_t *writes, ptrdiff_t plane, float *to) {
  fk_v16 acc[FK_ROWS][FK_BLOCKS];
  FK_UNROLL for (int u = 0; u < rows; u++)
    FK_UNROLL for (int b = 0; b < blocks; b++) acc[u][b] = add ? *(const fk_v16 *)(add + u * plane + writes[b]) : (fk_v16){0};
  const float *next = w + rows * w_out;
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
    FK_NAME(multiply_tile)(n, blocks, from, stride, channels, reads, taps, w, w_out, w_in, add, writes, plane, to);    \
    break;
FK_INLINE void FK_NAME(multiply_rows)(int blocks, const float *from, ptrdiff_t stride, int channels, const int32_t *reads,
                                      int taps, const float *w, ptrdiff_t w_out, ptrdiff_t w_in, int outs, const float *add,
                                      const int32_t *writes, ptrdiff_t plane, float *to) {
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

// The filters of the four phases: output row 2i + a adds up image rows i - 1 + a (its first or first two taps) and i + a.
static void FK_NAME(fold)(const float *filter, int count, int first, int end, float *to) {
  filter += 9 * (size_t)first;
  for (int i = first; i < end; i++, filter += 9)
    FK_UNROLL for (int a = 0; a < 2; a++) {
      float row[2][3];
      FK_UNROLL for (int s = 0; s < 3; s++) {
        row[0][s] = a ? filter[s] + filter[3 + s] : filter[s];
        row[1][s] = a ? filter[6 + s] : filter[3 + s] + filter[6 + s];
      }
      FK_UNROLL for (int b = 0; b < 2; b++) {
        float *phase = to + ((size_t)(2 * a + b) * count + i) * 4;
        FK_UNROLL for (int r = 0; r < 2; r++) {
          phase[2 * r] = b ? row[r][0] + row[r][1] : row[r][0];
          phase[2 * r + 1] = b ? row[r][2] : row[r][1] + row[r][2];
        }
      }
    }
}

static void FK_NAME(unfold)(const float *phases, int count, int first, int end, const float *add, float *to) {
  // The row or column of the 2x2 filter of each parity that a tap went into.
  static const int place[2][3] = {{0, 1, 1}, {0, 0, 1}};
  for (int i = first; i < end; i++)
    FK_UNROLL for (int r = 0; r < 3; r++)
      FK_UNROLL for (int s = 0; s < 3; s++) {
        float sum = 0;
        FK_UNROLL for (int a = 0; a < 2; a++)
          FK_UNROLL for (int b = 0; b < 2; b++) sum += phases[((size_t)(2 * a + b) * count + i) * 4 + 2 * place[a][r] + place[b][s]];
        size_t at = (size_t)i * 9 + 3 * r + s;
        to[at] = add ? add[at] + sum : sum;
      }
}

static void FK_NAME(split)(const float *from, int count, int height, int width, ptrdiff_t to_phase, float *to) {
  for (int row = 0; row < 2 * count * height; row++, from += 2 * width) {
    float *even = to + row % 2 * 2 * to_phase + (size_t)(row / 2) * width, *odd = even + to_phase;
    int i = 0;
    for (; i + 16 <= width; i += 16) {
      fk_v16 a = *(const fk_v16 *)(from + 2 * i), b = *(const fk_v16 *)(from + 2 * i + 16);
      *(fk_v16 *)(even + i) = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
      *(fk_v16 *)(odd + i) = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    }
    for (; i < width; i++) {
      even[i] = from[2 * i];
      odd[i] = from[2 * i + 1];
    }
  }
}

static void FK_NAME(store_phases)(const float *sums, ptrdiff_t phase, int pixel, int end, int planes, int height, int width,
                                  int first, int outs, const float *add, float *to) {
  int area = height * width;
  if (end > pixel + FK_PANEL) end = pixel + FK_PANEL;
  for (int at = 0; pixel < end;) {
    int image = pixel / area, y = pixel % area / width, x = pixel % width;
    int n = width - x < end - pixel ? width - x : end - pixel;
    for (int m = 0; m < outs; m++)
      for (int a = 0; a < 2; a++) {
        size_t offset = (((size_t)image * planes + first + m) * 2 * height + 2 * y + a) * 2 * width + 2 * x;
        const float *even = sums + 2 * a * phase + m * FK_PANEL + at, *odd = even + phase;
        float *row = to + offset;
        int i = 0;
        for (; i + 16 <= n; i += 16) {
          fk_v16 e = *(const fk_v16 *)(even + i), o = *(const fk_v16 *)(odd + i);
          fk_v16 low = __builtin_shufflevector(e, o, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
          fk_v16 high = __builtin_shufflevector(e, o, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
          if (add) {
            low += *(const fk_v16 *)(add + offset + 2 * i);
            high += *(const fk_v16 *)(add + offset + 2 * i + 16);
          }
          *(fk_v16 *)(row + 2 * i) = low;
          *(fk_v16 *)(row + 2 * i + 16) = high;
        }
        for (; i < n; i++) {
          float e = even[i], o = odd[i];
          row[2 * i] = add ? add[offset + 2 * i] + e : e;
          row[2 * i + 1] = add ? add[offset + 2 * i + 1] + o : o;
        }
      }
    at += n;
    pixel += n;
  }
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

static void FK_NAME(multiply_phases)(const float *from, ptrdiff_t stride, int channels, const int32_t *const reads[4],
                                     const int32_t *writes, int panels, int last_used, const float *folded, int outs,
                                     float *sums, int pixel, int end, int height, int width, const float *add, float *to,
                                     fk_soon soon) {
  ptrdiff_t count = (ptrdiff_t)outs * FK_PANEL;
  fk_soon none = {0};
  for (int panel = 0; panel < panels; panel++, pixel += FK_PANEL) {
    FK_NAME(fetch)(soon, panel);
    for (int phase = 0; phase < 4; phase++)
      for (int c = 0; c < channels; c += 64)
        FK_NAME(multiply)(from + c * stride, stride, channels - c < 64 ? channels - c : 64,
                          reads[phase] + panel * 4 * FK_BLOCKS, 4, 1, panel == panels - 1 ? last_used : FK_BLOCKS,
                          folded + ((ptrdiff_t)phase * outs * channels + c) * 4, channels * 4, 4, outs,
                          c ? sums + phase * count : 0, writes, FK_PANEL, sums + phase * count, none);
    FK_NAME(store_phases)(sums, count, pixel, end, outs, height, width, 0, outs, add, to);
  }
}

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

static void FK_NAME(interleave)(const float *from, int count, int height, int width, int pad_y, int pad_x, int kind,
                                float *to) {
  int area = height * width, pitch = width + 2 * pad_x, x = 0, i = 0;
  float *at = to + ((size_t)pad_y * pitch + pad_x) * 16;
  for (; i + 16 <= area; i += 16) {
    fk_v16 v[16];
    if (count == 16) {
      FK_UNROLL for (int c = 0; c < 16; c++) v[c] = *(const fk_v16 *)(from + (size_t)c * area + i);
    } else {
      for (int c = 0; c < 16; c++) v[c] = c < count ? *(const fk_v16 *)(from + (size_t)c * area + i) : (fk_v16){0};
    }
    FK_NAME(transpose)(v);
    for (int j = 0; j < 16; j++) {
      *(fk_v16 *)at = v[j];
      at += 16;
      if (++x == width) x = 0, at += 32 * pad_x;
    }
  }
  for (; i < area; i++) {
    for (int c = 0; c < 16; c++) at[c] = c < count ? from[(size_t)c * area + i] : 0;
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

#if FK_LEVEL == 2
#define FK_OUTER 8
#define FK_TAPS 3
#elif FK_LEVEL == 1
#define FK_OUTER 6
#define FK_TAPS 1
#else
#define FK_OUTER 2
#define FK_TAPS 1
#endif

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

// Copies n floats and touches no others.
FK_INLINE void FK_NAME(copy)(const float *from, int n, float *to) {
  if (n >= 16) {
    for (int i = 0; i + 16 < n; i += 16) *(fk_v16 *)(to + i) = *(const fk_v16 *)(from + i);
    *(fk_v16 *)(to + n - 16) = *(const fk_v16 *)(from + n - 16);
  } else if (n >= 8) {
    *(fk_v8 *)to = *(const fk_v8 *)from;
    *(fk_v8 *)(to + n - 8) = *(const fk_v8 *)(from + n - 8);
  } else if (n >= 4) {
    *(fk_v4 *)to = *(const fk_v4 *)from;
    *(fk_v4 *)(to + n - 4) = *(const fk_v4 *)(from + n - 4);
  } else {
    for (int i = 0; i < n; i++) to[i] = from[i];
  }
}

// to[i] = from[2 * i] + from[2 * i + 1].
FK_INLINE void FK_NAME(halve)(const float *from, int n, float *to) {
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    fk_v16 a = *(const fk_v16 *)(from + 2 * i), b = *(const fk_v16 *)(from + 2 * i + 16);
    *(fk_v16 *)(to + i) =
        __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
        __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  }
  for (; i < n; i++) to[i] = from[2 * i] + from[2 * i + 1];
}

static void FK_NAME(expand)(const fk_expansion *expansion, const float *from, int planes, ptrdiff_t to_plane, float *to) {
  int width = expansion->source_width, left = expansion->left, right = expansion->right, pitch = expansion->pitch;
  size_t plane = (size_t)expansion->source_height * width;
  to += expansion->lead;
  for (int p = 0; p < planes; p++, from += plane, to += to_plane) {
    float *inside = to;
    for (int y = 0; y < expansion->rows; y++, inside += pitch) {
      const int32_t *row = expansion->row_indices + expansion->row_starts[y];
      int count = expansion->row_starts[y + 1] - expansion->row_starts[y];
      if (count == 0) {
        memset(inside - left, 0, sizeof(float) * (left + width + right));
        continue;
      }
      FK_NAME(copy)(from + (size_t)row[0] * width, width, inside);
      for (int i = 1; i < count; i++) {
        const float *more = from + (size_t)row[i] * width;
        for (int j = 0; j < width; j++) inside[j] += more[j];
      }
      for (int i = 0; i < left; i++) inside[i - left] = expansion->border[i] < 0 ? 0 : inside[expansion->border[i]];
      for (int i = 0; i < right; i++)
        inside[width + i] = expansion->border[left + i] < 0 ? 0 : inside[expansion->border[left + i]];
    }
    // Only now, when the rows have left the store buffer: pieces of them are read across the stores.
    for (int i = 0; i < expansion->patches; i++) {
      const fk_patch patch = expansion->patch[i];
      const int32_t *extra = expansion->extras + 2 * patch.extra_first;
      inside = to;
      for (int y = 0; y < expansion->rows; y++, inside += pitch) {
        if (expansion->step == 1)
          FK_NAME(copy)(inside + patch.from, patch.count, inside + patch.to);
        else
          FK_NAME(halve)(inside + patch.from, patch.count, inside + patch.to);
        for (int e = 0; e < patch.extra_count; e++) inside[patch.to + extra[2 * e]] += inside[extra[2 * e + 1]];
      }
    }
  }
}

FK_INLINE void FK_NAME(assemble_rows)(const float *from, ptrdiff_t plane, int planes, const int32_t *reads, int read_rows,
                                      int taps, int rows, int width, ptrdiff_t to_plane, ptrdiff_t to_tap, float *to) {
  for (int p = 0; p < planes; p++, from += plane, to += to_plane)
    for (int t = 0; t < taps; t++) {
      const int32_t *read = reads + t * read_rows;
      float *at = to + t * to_tap;
      for (int y = 0; y < rows; y++) FK_NAME(copy)(from + read[y], width, at + y * width);
    }
}

static void FK_NAME(assemble)(const float *from, ptrdiff_t plane, int planes, const int32_t *reads, int read_rows, int taps,
                              int rows, int width, ptrdiff_t to_plane, ptrdiff_t to_tap, float *to) {
  if (width == 4)
    FK_NAME(assemble_rows)(from, plane, planes, reads, read_rows, taps, rows, 4, to_plane, to_tap, to);
  else if (width == 8)
    FK_NAME(assemble_rows)(from, plane, planes, reads, read_rows, taps, rows, 8, to_plane, to_tap, to);
  else
    FK_NAME(assemble_rows)(from, plane, planes, reads, read_rows, taps, rows, width, to_plane, to_tap, to);
}

#if FK_LEVEL == 2
#define FK_DOT_PLANES 4
#define FK_DOT_COLUMNS 6
#elif FK_LEVEL == 1
#define FK_DOT_PLANES 2
#define FK_DOT_COLUMNS 2
#else
#define FK_DOT_PLANES 1
#define FK_DOT_COLUMNS 1
#endif

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

static const fk_convolution_functions FK_NAME(functions) = {
    .blocks = FK_BLOCKS,
    .gather = FK_NAME(gather),
    .multiply = FK_NAME(multiply),
    .store = FK_NAME(store),
    .dot = FK_NAME(dot),
    .combine = FK_NAME(combine),
    .fold = FK_NAME(fold),
    .store_phases = FK_NAME(store_phases),
    .multiply_phases = FK_NAME(multiply_phases),
    .unfold = FK_NAME(unfold),
    .split = FK_NAME(split),
    .interleave = FK_NAME(interleave),
    .pad = FK_NAME(pad),
    .outer = FK_NAME(outer),
    .separate = FK_NAME(separate),
    .expand = FK_NAME(expand),
    .assemble = FK_NAME(assemble),
    .dot_rows = FK_NAME(dot_rows),
    .total = FK_NAME(total),
};

#undef FK_BLOCKS
#undef FK_ROWS
#undef FK_SIDE
#undef FK_OUTER
#undef FK_TAPS
#undef FK_DOT_PLANES
#undef FK_DOT_COLUMNS
#undef FK_PANEL
