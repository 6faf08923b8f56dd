// Winograd's minimal filtering F(4, 3) along the rows' axis: a filter of three rows makes four rows of outputs from six of the
// image with six products instead of twelve (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
// With the points 0, 1, -1, 2, -2 and infinity:
//
//     outputs = At ((G filter) * (Bt image)), and as its transpose image' = B ((G filter) * (A outputs'))

// Loads `n` vectors, `stride` floats apart.
FK_INLINE void FK_NAME(load)(int n, const float *from, ptrdiff_t stride, fk_v16 *v) {
  FK_UNROLL for (int k = 0; k < n; k++) v[k] = *(const fk_v16 *)(from + k * stride);
}

// Bt: six rows of the image.
FK_INLINE void FK_NAME(winograd_image)(const fk_v16 *d, fk_v16 *v) {
  fk_v16 even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1], close = d[4] - d[2], near = 2 * (d[3] - d[1]);
  v[0] = 4 * (d[0] - d[2]) - d[2] + d[4];
  v[1] = even + odd;
  v[2] = even - odd;
  v[3] = close + near;
  v[4] = close - near;
  v[5] = 4 * (d[1] - d[3]) - d[3] + d[5];
}

// B: the six rows' part in the gradient of the image.
FK_INLINE void FK_NAME(winograd_image_gradient)(const fk_v16 *m, fk_v16 *p) {
  fk_v16 sum = m[1] + m[2], difference = m[1] - m[2], far = m[3] + m[4], apart = 2 * (m[3] - m[4]);
  p[0] = 4 * m[0];
  p[1] = 4 * (m[5] - difference) - apart;
  p[2] = -4 * (m[0] + sum) - m[0] - far;
  p[3] = difference + apart - 5 * m[5];
  p[4] = m[0] + sum + far;
  p[5] = m[5];
}

// At: four rows of outputs.
FK_INLINE void FK_NAME(winograd_output)(const fk_v16 *m, fk_v16 *y) {
  fk_v16 sum = m[1] + m[2], difference = m[1] - m[2], far = m[3] + m[4], apart = 2 * (m[3] - m[4]);
  y[0] = m[0] + sum + far;
  y[1] = difference + apart;
  y[2] = sum + 4 * far;
  y[3] = difference + 4 * apart + m[5];
}

// A: the four rows' gradient.
FK_INLINE void FK_NAME(winograd_output_gradient)(const fk_v16 *y, fk_v16 *v) {
  fk_v16 even = y[0] + y[2], odd = y[1] + y[3], far = y[0] + 4 * y[2], apart = 2 * y[1] + 8 * y[3];
  v[0] = y[0];
  v[1] = even + odd;
  v[2] = even - odd;
  v[3] = far + apart;
  v[4] = far - apart;
  v[5] = y[3];
}

// Rows of n pixels: of 4 or 8, or any number, where the last vector overlaps the one before or goes beyond the end.
FK_INLINE void FK_NAME(winograd_rows_of)(bool gradient, int piece, const float *from, ptrdiff_t row, ptrdiff_t n, float *to,
                                         ptrdiff_t to_row) {
  for (ptrdiff_t i = 0; i < n; i += 16) {
    ptrdiff_t at = i + 16 > n && n > 16 ? n - 16 : i;
    fk_v16 d[6], v[6];
    FK_UNROLL for (int k = 0; k < (gradient ? 4 : 6); k++) memcpy(d + k, from + k * row + at, sizeof(float) * piece);
    if (gradient)
      FK_NAME(winograd_output_gradient)(d, v);
    else
      FK_NAME(winograd_image)(d, v);
    FK_UNROLL for (int k = 0; k < 6; k++) memcpy(to + k * to_row + at, v + k, sizeof(float) * piece);
  }
}

// The first 6 * groups rows of an expansion, transformed, which are source rows or 0; then the others as they are.
static void FK_NAME(winograd_expand)(const fk_expansion *expansion, ptrdiff_t groups, const float *from, ptrdiff_t planes,
                                     ptrdiff_t to_plane, float *to) {
  const ptrdiff_t width = expansion->source_width, pitch = expansion->pitch, plane = expansion->source_height * width;
  to += expansion->lead;
  for (ptrdiff_t p = 0; p < planes; p++, from += plane, to += to_plane) {
    for (ptrdiff_t g = 0; g < groups; g++) {
      const float *rows[6];
      float *at = to + 6 * g * pitch;
      for (int k = 0; k < 6; k++) {
        const int32_t *start = expansion->row_starts + 6 * g + k;
        rows[k] = start[0] == start[1] ? 0 : from + expansion->row_indices[start[0]] * width;
      }
      for (ptrdiff_t i = 0; i < width; i += 16) {
        fk_v16 d[6], v[6];
        FK_UNROLL for (int k = 0; k < 6; k++) d[k] = rows[k] ? *(const fk_v16 *)(rows[k] + i) : (fk_v16){0};
        FK_NAME(winograd_image)(d, v);
        FK_UNROLL for (int k = 0; k < 6; k++) *(fk_v16 *)(at + k * pitch + i) = v[k];
      }
    }
    for (ptrdiff_t y = 6 * groups; y < expansion->rows; y++)
      FK_NAME(copy)(from + expansion->row_indices[expansion->row_starts[y]] * width, width, to + y * pitch);
    for (ptrdiff_t y = 0; y < expansion->rows; y++) FK_NAME(border_row)(expansion, to + y * pitch);
    FK_NAME(patch_rows)(expansion, to);
  }
}

#define FK_CASE(g, piece, n) \
  for (ptrdiff_t i = 0; i < count; i++)   \
    FK_NAME(winograd_rows_of)(g, piece, from + i * groups.group, groups.row, n, to + i * to_groups.group, to_groups.row);
static void FK_NAME(winograd_rows)(bool gradient, const float *from, fk_groups groups, ptrdiff_t count, ptrdiff_t n, float *to,
                                   fk_groups to_groups) {
  switch (gradient ? -n : n) {
    case 4: FK_CASE(0, 4, 4) break;
    case -4: FK_CASE(1, 4, 4) break;
    case 8: FK_CASE(0, 8, 8) break;
    case -8: FK_CASE(1, 8, 8) break;
    default:
      if (gradient)
        FK_CASE(1, 16, n)
      else
        FK_CASE(0, 16, n)
  }
}
#undef FK_CASE

// G: three rows of filters.
#define FK_FILTER(g0, g1, g2, u)                                                \
  do {                                                                          \
    __auto_type ends = (g0) + (g2), far = (g0) * (1.0f / 24) + (g2) * (1.0f / 6); \
    u[0] = (g0) * 0.25f;                                                        \
    u[1] = (ends + (g1)) * (-1.0f / 6);                                         \
    u[2] = ((g1)-ends) * (1.0f / 6);                                            \
    u[3] = far + (g1) * (1.0f / 12);                                            \
    u[4] = far - (g1) * (1.0f / 12);                                            \
    u[5] = (g2);                                                                \
  } while (0)

// One row of four filters from the nine floats of each.
FK_INLINE void FK_NAME(filter_row)(const float *g, fk_v16 *row) {
  fk_v16 a = *(const fk_v16 *)g, b = *(const fk_v16 *)(g + 16);
  *row = __builtin_shufflevector(a, b, 0, 1, 2, 9, 10, 11, 18, 19, 20, 27, 28, 29, 29, 29, 29, 29);
}

static void FK_NAME(winograd_filter)(const float *filter, ptrdiff_t run, ptrdiff_t runs, ptrdiff_t count, bool flip,
                                     ptrdiff_t part, float *to) {
  int first = flip ? 6 : 0, last = 6 - first;
  for (ptrdiff_t i = 0; i < runs; i++, filter += run) {
    const float *g = filter;
    ptrdiff_t j = 0;
    // A vector writes and reads a little beyond its four filters.
    for (; j + 6 <= count; j += 4, g += 36, to += 12) {
      fk_v16 g0, g1, g2, u[6];
      FK_NAME(filter_row)(g + first, &g0);
      FK_NAME(filter_row)(g + 3, &g1);
      FK_NAME(filter_row)(g + last, &g2);
      FK_FILTER(g0, g1, g2, u);
      FK_UNROLL for (int k = 0; k < 6; k++) *(fk_v16 *)(to + k * part) = u[k];
    }
    for (; j < count; j++, g += 9, to += 3)
      FK_UNROLL for (int s = 0; s < 3; s++) {
        float u[6];
        FK_FILTER(g[first + s], g[3 + s], g[last + s], u);
        FK_UNROLL for (int k = 0; k < 6; k++) to[k * part + s] = u[k];
      }
  }
}
#undef FK_FILTER

static void FK_NAME(winograd_filter_gradient)(const fk_partials *partials, ptrdiff_t part, ptrdiff_t planes, float *to) {
  const ptrdiff_t count = partials->count, stride = partials->stride;
  const float *at = partials->at;
  for (ptrdiff_t k = 0; k < planes; k++, at += 48, to += 9 * 16)
    FK_UNROLL for (int s = 0; s < 3; s++) {
      fk_v16 m[6];
      FK_UNROLL for (int t = 0; t < 6; t++) {
        const float *from = at + t * part + s * 16;
        m[t] = *(const fk_v16 *)from;
        for (ptrdiff_t i = 1; i < count; i++) m[t] += *(const fk_v16 *)(from + i * stride);
      }
      fk_v16 sum = m[1] + m[2], far = m[3] + m[4];
      *(fk_v16 *)(to + s * 16) = 0.25f * m[0] - sum * (1.0f / 6) + far * (1.0f / 24);
      *(fk_v16 *)(to + (3 + s) * 16) = (m[2] - m[1]) * (1.0f / 6) + (m[3] - m[4]) * (1.0f / 12);
      *(fk_v16 *)(to + (6 + s) * 16) = (far - sum) * (1.0f / 6) + m[5];
    }
}

// to[0..<n] = from, plus `add` unless null.
FK_INLINE void FK_NAME(put)(const float *from, int n, const float *add, float *to) {
  for (int x = 0; x < n; x++) to[x] = add ? add[x] + from[x] : from[x];
}

// Writes a plane's panel of outputs: pieces of a row, each with the three rows below it.
FK_INLINE void FK_NAME(winograd_store)(const float *sums, ptrdiff_t part, ptrdiff_t blocks, int piece, fk_winograd_writes writes,
                                       const int32_t *places, const float *add, float *to) {
  for (ptrdiff_t b = 0; b < blocks; b++, sums += 16) {
    fk_v16 m[6], y[4];
    FK_NAME(load)(6, sums, part, m);
    FK_NAME(winograd_output)(m, y);
    const float *rows = (const float *)y;
    for (int p = 0; p < 16; p += piece, places++)
      if (*places >= 0)
        FK_UNROLL for (int i = 0; i < 4; i++) {
          ptrdiff_t at = *places + i * writes.row;
          FK_NAME(put)(rows + 16 * i + p, piece, add ? add + at : 0, to + at);
        }
  }
}

// Writes a plane's panel of the image's gradient, or a span of them: whole images of `groups` times four rows, `piece` wide.
FK_INLINE void FK_NAME(winograd_store_images)(const float *sums, ptrdiff_t part, ptrdiff_t blocks, int piece,
                                              fk_winograd_writes writes, const int32_t *places, const float *add, float *to) {
  float image[4 * 64 + 16];  // with a row above and one below
  ptrdiff_t height = 4 * writes.groups, group = 0;
  for (ptrdiff_t b = 0; b < writes.span * blocks; b++) {
    fk_v16 m[6], gradient[6];
    FK_NAME(load)(6, sums + b / FK_BLOCKS * writes.sums + b % FK_BLOCKS * 16, part, m);
    FK_NAME(winograd_image_gradient)(m, gradient);
    const float *rows = (const float *)gradient;
    for (int p = 0; p < 16; p += piece) {
      float *at = image + 4 * group * piece;
      for (int i = 0; i < 6; i++) FK_NAME(put)(rows + 16 * i + p, piece, group && i < 2 ? at + i * piece : 0, at + i * piece);
      if (++group < writes.groups) continue;
      group = 0;
      if (writes.reflect) {
        FK_NAME(put)(image, piece, image + 2 * piece, image + 2 * piece);
        FK_NAME(put)(image + (height + 1) * piece, piece, image + (height - 1) * piece, image + (height - 1) * piece);
      }
      if (*places >= 0)
        for (ptrdiff_t y = 0; y < height; y++)
          FK_NAME(put)(image + (y + 1) * piece, piece, add ? add + *places + y * piece : 0, to + *places + y * piece);
      places++;
    }
  }
}

// Channels whose rows of one part stay in the first-level cache.
#define FK_WINOGRAD_CHANNELS 32

#define FK_CASE(images, piece, store)                                                               \
  case images * 32 + piece:                                                                         \
    FK_NAME(store)(first + m * FK_PANEL, part, used, piece, *writes, places, add, writes->to + m * writes->plane); \
    break;
static void FK_NAME(multiply_winograd)(const fk_planes *from, const fk_reads *reads, const fk_filter *filter, float *sums,
                                       const fk_winograd_writes *writes, const fk_planes *soon) {
  const ptrdiff_t outs = filter->outs, part = outs * FK_PANEL, channels = from->count;
  const int32_t *read = reads->at;
  for (ptrdiff_t panel = 0; panel < reads->panels; panel++, read += 18 * FK_BLOCKS, sums += writes->sums) {
    const ptrdiff_t used = panel == reads->panels - 1 ? reads->last_used : FK_BLOCKS;
    for (int row = 0; row < 4; row++) FK_NAME(fetch)(soon, 4 * panel + row);
    for (int k = 0; k < 6; k++)
      for (ptrdiff_t c = 0; c < channels; c += FK_WINOGRAD_CHANNELS) {
        float *at = sums + k * part;
        FK_NAME(multiply)
        (&(fk_planes){from->at + c * from->plane, from->plane,
                      channels - c < FK_WINOGRAD_CHANNELS ? channels - c : FK_WINOGRAD_CHANNELS},
         &(fk_reads){read + 3 * k * FK_BLOCKS, 3, 1, used},
         &(fk_filter){filter->at + k * outs * channels * 3 + c * filter->in, filter->out, filter->in, outs},
         &(fk_writes){at, c || writes->more ? at : 0, FK_NAME(panel_places), FK_PANEL}, 0);
      }
    if (!writes->to || (panel + 1) % writes->span) continue;
    const float *first = sums - (writes->span - 1) * writes->sums;
    const int32_t *places = writes->places + panel / writes->span * writes->per_panel;
    for (ptrdiff_t m = 0; m < outs; m++) {
      const float *add = writes->add ? writes->add + m * writes->plane : 0;
      switch ((writes->groups ? 32 : 0) + writes->piece) {
        FK_CASE(0, 4, winograd_store)
        FK_CASE(0, 8, winograd_store)
        FK_CASE(0, 16, winograd_store)
        FK_CASE(1, 4, winograd_store_images)
        FK_CASE(1, 8, winograd_store_images)
      }
    }
  }
}
#undef FK_CASE
#undef FK_WINOGRAD_CHANNELS
