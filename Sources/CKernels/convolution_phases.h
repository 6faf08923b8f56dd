// Behind an upsampling: the four parities of output rows and columns.

// The filters of the four phases: output row 2i + a adds up image rows i - 1 + a (its first or first two taps) and i + a.
static void FK_NAME(fold)(const float *filter, ptrdiff_t count, ptrdiff_t first, ptrdiff_t end, float *to) {
  filter += 9 * first;
  for (ptrdiff_t i = first; i < end; i++, filter += 9)
    FK_UNROLL for (int a = 0; a < 2; a++) {
      float row[2][3];
      FK_UNROLL for (int s = 0; s < 3; s++) {
        row[0][s] = a ? filter[s] + filter[3 + s] : filter[s];
        row[1][s] = a ? filter[6 + s] : filter[3 + s] + filter[6 + s];
      }
      FK_UNROLL for (int b = 0; b < 2; b++) {
        float *phase = to + ((2 * a + b) * count + i) * 4;
        FK_UNROLL for (int r = 0; r < 2; r++) {
          phase[2 * r] = b ? row[r][0] + row[r][1] : row[r][0];
          phase[2 * r + 1] = b ? row[r][2] : row[r][1] + row[r][2];
        }
      }
    }
}

static void FK_NAME(unfold)(const float *phases, ptrdiff_t count, ptrdiff_t first, ptrdiff_t end, const float *add, float *to) {
  // The row or column of the 2x2 filter of each parity that a tap went into.
  static const int place[2][3] = {{0, 1, 1}, {0, 0, 1}};
  for (ptrdiff_t i = first; i < end; i++)
    FK_UNROLL for (int r = 0; r < 3; r++)
      FK_UNROLL for (int s = 0; s < 3; s++) {
        float sum = 0;
        FK_UNROLL for (int a = 0; a < 2; a++)
          FK_UNROLL for (int b = 0; b < 2; b++) sum += phases[((2 * a + b) * count + i) * 4 + 2 * place[a][r] + place[b][s]];
        ptrdiff_t at = i * 9 + 3 * r + s;
        to[at] = add ? add[at] + sum : sum;
      }
}

static void FK_NAME(split)(const float *from, ptrdiff_t count, fk_extent extent, ptrdiff_t to_phase, float *to) {
  const ptrdiff_t width = extent.width;
  for (ptrdiff_t row = 0; row < 2 * count * extent.height; row++, from += 2 * width) {
    float *even = to + row % 2 * 2 * to_phase + row / 2 * width, *odd = even + to_phase;
    ptrdiff_t i = 0;
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

static void FK_NAME(store_phases)(const float *sums, ptrdiff_t phase, ptrdiff_t pixel, ptrdiff_t end, const fk_result *result) {
  const ptrdiff_t height = result->height, width = result->width, area = height * width, first = result->first;
  const ptrdiff_t planes = result->planes, outs = result->outs;
  const float *add = result->add;
  float *to = result->to;
  if (end > pixel + FK_PANEL) end = pixel + FK_PANEL;
  for (ptrdiff_t at = 0; pixel < end;) {
    ptrdiff_t image = pixel / area, y = pixel % area / width, x = pixel % width;
    ptrdiff_t n = width - x < end - pixel ? width - x : end - pixel;
    for (ptrdiff_t m = 0; m < outs; m++)
      for (int a = 0; a < 2; a++) {
        ptrdiff_t offset = ((image * planes + first + m) * 2 * height + 2 * y + a) * 2 * width + 2 * x;
        const float *even = sums + 2 * a * phase + m * FK_PANEL + at, *odd = even + phase;
        float *row = to + offset;
        ptrdiff_t i = 0;
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

static void FK_NAME(multiply_phases)(const fk_planes *from, const fk_reads *reads, const float *folded, float *sums,
                                     ptrdiff_t pixel, ptrdiff_t end, const fk_result *result, const fk_planes *soon) {
  const ptrdiff_t count = result->outs * FK_PANEL, channels = from->count;
  for (ptrdiff_t panel = 0; panel < reads->panels; panel++, pixel += FK_PANEL) {
    FK_NAME(fetch)(soon, panel);
    for (int phase = 0; phase < 4; phase++)
      for (ptrdiff_t c = 0; c < channels; c += 64) {
        float *at = sums + phase * count;
        FK_NAME(multiply)
        (&(fk_planes){from->at + c * from->plane, from->plane, channels - c < 64 ? channels - c : 64},
         &(fk_reads){reads->at + (phase * reads->panels + panel) * 4 * FK_BLOCKS, 4, 1,
                     panel == reads->panels - 1 ? reads->last_used : FK_BLOCKS},
         &(fk_filter){folded + (phase * result->outs * channels + c) * 4, channels * 4, 4, result->outs},
         &(fk_writes){at, c ? at : 0, FK_NAME(panel_places), FK_PANEL}, 0);
      }
    FK_NAME(store_phases)(sums, count, pixel, end, result);
  }
}
