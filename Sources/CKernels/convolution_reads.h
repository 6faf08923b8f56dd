// Preparing what the taps read.

// Copies n floats and touches no others.
FK_INLINE void FK_NAME(copy)(const float *from, ptrdiff_t n, float *to) {
  if (n >= 16) {
    for (ptrdiff_t i = 0; i + 16 < n; i += 16) *(fk_v16 *)(to + i) = *(const fk_v16 *)(from + i);
    *(fk_v16 *)(to + n - 16) = *(const fk_v16 *)(from + n - 16);
  } else if (n >= 8) {
    *(fk_v8 *)to = *(const fk_v8 *)from;
    *(fk_v8 *)(to + n - 8) = *(const fk_v8 *)(from + n - 8);
  } else if (n >= 4) {
    *(fk_v4 *)to = *(const fk_v4 *)from;
    *(fk_v4 *)(to + n - 4) = *(const fk_v4 *)(from + n - 4);
  } else {
    for (ptrdiff_t i = 0; i < n; i++) to[i] = from[i];
  }
}

// to[i] = from[2 * i] + from[2 * i + 1].
FK_INLINE void FK_NAME(halve)(const float *from, ptrdiff_t n, float *to) {
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) {
    fk_v16 a = *(const fk_v16 *)(from + 2 * i), b = *(const fk_v16 *)(from + 2 * i + 16);
    *(fk_v16 *)(to + i) =
        __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
        __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  }
  for (; i < n; i++) to[i] = from[2 * i] + from[2 * i + 1];
}

// The patches of one plane's rows.
FK_INLINE void FK_NAME(patch_rows)(const fk_expansion *expansion, float *to) {
  for (ptrdiff_t i = 0; i < expansion->patches; i++) {
    const fk_patch patch = expansion->patch[i];
    const int32_t *extra = expansion->extras + 2 * patch.extra_first;
    float *inside = to;
    for (ptrdiff_t y = 0; y < expansion->rows; y++, inside += expansion->pitch) {
      if (expansion->step == 1)
        FK_NAME(copy)(inside + patch.from, patch.count, inside + patch.to);
      else
        FK_NAME(halve)(inside + patch.from, patch.count, inside + patch.to);
      for (ptrdiff_t e = 0; e < patch.extra_count; e++) inside[patch.to + extra[2 * e]] += inside[extra[2 * e + 1]];
    }
  }
}

// The border of one row.
FK_INLINE void FK_NAME(border_row)(const fk_expansion *expansion, float *inside) {
  const ptrdiff_t left = expansion->left, width = expansion->source_width;
  for (ptrdiff_t i = 0; i < left; i++) inside[i - left] = expansion->border[i] < 0 ? 0 : inside[expansion->border[i]];
  for (ptrdiff_t i = 0; i < expansion->right; i++)
    inside[width + i] = expansion->border[left + i] < 0 ? 0 : inside[expansion->border[left + i]];
}

static void FK_NAME(expand)(const fk_expansion *expansion, const float *from, ptrdiff_t planes, ptrdiff_t to_plane, float *to) {
  const ptrdiff_t width = expansion->source_width, left = expansion->left, right = expansion->right, pitch = expansion->pitch;
  const ptrdiff_t plane = expansion->source_height * width;
  to += expansion->lead;
  for (ptrdiff_t p = 0; p < planes; p++, from += plane, to += to_plane) {
    float *inside = to;
    for (ptrdiff_t y = 0; y < expansion->rows; y++, inside += pitch) {
      const int32_t *row = expansion->row_indices + expansion->row_starts[y];
      int count = expansion->row_starts[y + 1] - expansion->row_starts[y];
      if (count == 0) {
        memset(inside - left, 0, sizeof(float) * (size_t)(left + width + right));
        continue;
      }
      FK_NAME(copy)(from + row[0] * width, width, inside);
      for (int i = 1; i < count; i++) {
        const float *more = from + row[i] * width;
        for (ptrdiff_t j = 0; j < width; j++) inside[j] += more[j];
      }
      FK_NAME(border_row)(expansion, inside);
    }
    // Only now, when the rows have left the store buffer: pieces of them are read across the stores.
    FK_NAME(patch_rows)(expansion, to);
  }
}

FK_INLINE void FK_NAME(assemble_rows)(fk_planes from, fk_row_reads reads, ptrdiff_t height, ptrdiff_t width, ptrdiff_t to_plane,
                                      ptrdiff_t to_tap, float *to) {
  for (ptrdiff_t p = 0; p < from.count; p++, from.at += from.plane, to += to_plane)
    for (ptrdiff_t t = 0; t < reads.taps; t++) {
      const int32_t *read = reads.at + t * reads.stride;
      float *at = to + t * to_tap;
      for (ptrdiff_t y = 0; y < height; y++) FK_NAME(copy)(from.at + read[y], width, at + y * width);
    }
}

static void FK_NAME(assemble)(const fk_planes *from, const fk_row_reads *reads, fk_extent extent, ptrdiff_t to_plane,
                              ptrdiff_t to_tap, float *to) {
  switch (extent.width) {
    case 4: FK_NAME(assemble_rows)(*from, *reads, extent.height, 4, to_plane, to_tap, to); break;
    case 8: FK_NAME(assemble_rows)(*from, *reads, extent.height, 8, to_plane, to_tap, to); break;
    default: FK_NAME(assemble_rows)(*from, *reads, extent.height, extent.width, to_plane, to_tap, to);
  }
}

// Adds the pixels x0..<x0 + n of one tap's row to to[0..<n].
FK_INLINE void FK_NAME(read_row)(const fk_gather *taps, const float *from, ptrdiff_t tap, ptrdiff_t x0, ptrdiff_t n,
                                 float *to) {
  const fk_run *run = taps->runs + tap;
  ptrdiff_t low = run->low - x0, high = run->high - x0;
  low = low < 0 ? 0 : low > n ? n : low;
  high = high > n ? n : high < low ? low : high;
  for (ptrdiff_t i = 0; i < low; i++) to[i] = 0;
  if (taps->step == 1) {
    const float *base = from + x0 + run->offset;
    ptrdiff_t i = low;
    for (; i + 16 <= high; i += 16) *(fk_v16 *)(to + i) = *(const fk_v16 *)(base + i);
    for (; i < high; i++) to[i] = base[i];
  } else {
    const float *base = from + 2 * x0 + run->offset;
    for (ptrdiff_t i = low; i < high; i++) to[i] = base[2 * i] + base[2 * i + 1];
  }
  for (ptrdiff_t i = high; i < n; i++) to[i] = 0;
  const int32_t *extra = taps->extras + 2 * run->extra_first;
  for (ptrdiff_t e = 0; e < run->extra_count; e++, extra += 2) {
    ptrdiff_t i = extra[0] - x0;
    if (i >= 0 && i < n) to[i] += from[extra[1]];
  }
}

static void FK_NAME(gather)(const fk_gather *taps, const float *from, ptrdiff_t panel, ptrdiff_t first_channel,
                            ptrdiff_t channels, float *to, float *row) {
  const ptrdiff_t area = taps->height * taps->width, total = taps->batch * area, count = taps->taps_y * taps->taps_x;
  const ptrdiff_t plane = taps->source_height * taps->source_width;
  ptrdiff_t pixel = panel * FK_PANEL, end = pixel + FK_PANEL;
  if (end > total) {
    for (ptrdiff_t i = 0; i < channels * count; i++)
      for (ptrdiff_t j = total - pixel; j < FK_PANEL; j++) to[i * FK_PANEL + j] = 0;
    end = total;
  }
  for (ptrdiff_t at = 0; pixel < end;) {
    ptrdiff_t image = pixel / area, y = pixel % area / taps->width, x = pixel % taps->width;
    ptrdiff_t n = taps->width - x < end - pixel ? taps->width - x : end - pixel;
    const float *base = from + (image * taps->channels + first_channel) * plane;
    for (ptrdiff_t c = 0; c < channels; c++, base += plane)
      for (ptrdiff_t r = 0; r < taps->taps_y; r++) {
        const int32_t *start = taps->row_starts + r * taps->height + y;
        int rows = start[1] - start[0];
        const float *source = row;
        if (rows == 1) {
          source = base + taps->rows[start[0]] * taps->source_width;
        } else {
          memset(row, 0, sizeof(float) * (size_t)taps->source_width);
          for (ptrdiff_t i = 0; i < rows; i++) {
            const float *one = base + taps->rows[start[0] + i] * taps->source_width;
            for (ptrdiff_t j = 0; j < taps->source_width; j++) row[j] += one[j];
          }
        }
        for (ptrdiff_t s = 0; s < taps->taps_x; s++)
          FK_NAME(read_row)(taps, source, s, x, n, to + (c * count + r * taps->taps_x + s) * FK_PANEL + at);
      }
    at += n;
    pixel += n;
  }
}
