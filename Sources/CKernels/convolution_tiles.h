// Winograd's minimal filtering F(4x4, 3x3) along both axes: a tile of 4x4 outputs is made of 6x6 pixels with 36 products for each pair
// of channels, where the definition has 144 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016):
//
//     outputs = At ((G filter Gt) * (Bt image B)) A
//
// and its transposes. The points are 0, 3/4, -3/4, 3/2, -3/2 and infinity, exact in binary, whose rounding errors are a quarter of
// those of the usual 0, 1, -1, 2, -2. Vectors run along 16 channels.

// Register tiles: tiles times vectors of 16 result channels, and planes times vectors of an outer product.
#if FK_LEVEL == 2
#define FK_TILES_ONE 24
#define FK_TILES_TWO 12
#define FK_TILES_OUTER_ONE 16
#define FK_TILES_OUTER_TWO 8
#elif FK_LEVEL == 1
#define FK_TILES_ONE 6
#define FK_TILES_TWO 1
#define FK_TILES_OUTER_ONE 4
#define FK_TILES_OUTER_TWO 2
#else
#define FK_TILES_ONE 2
#define FK_TILES_TWO 1
#define FK_TILES_OUTER_ONE 2
#define FK_TILES_OUTER_TWO 1
#endif
// Vectors of result channels that are made at a time.
#define FK_TILES_VECTORS (FK_LEVEL == 2 ? 2 : 1)
// Pixels of a row that are transformed at a time.
#define FK_TILES_CHUNK 32

#define FK_P 0.75f
#define FK_Q 1.5f
#define FK_PP (FK_P * FK_P)
#define FK_QQ (FK_Q * FK_Q)
#define FK_N0 (1 / (FK_PP * FK_QQ))
#define FK_NP (1 / (2 * FK_PP * (FK_PP - FK_QQ)))
#define FK_NQ (1 / (2 * FK_QQ * (FK_QQ - FK_PP)))

// Bt: six pixels of the image.
FK_INLINE void FK_NAME(tile_image)(const fk_v16 *d, fk_v16 *v) {
  fk_v16 ep = d[4] - FK_QQ * d[2], op = d[3] - FK_QQ * d[1], eq = d[4] - FK_PP * d[2], oq = d[3] - FK_PP * d[1];
  fk_v16 even = d[4] - (FK_PP + FK_QQ) * d[2], odd = d[5] - (FK_PP + FK_QQ) * d[3];
  v[0] = FK_PP * FK_QQ * d[0] + even;
  v[1] = ep + FK_P * op;
  v[2] = ep - FK_P * op;
  v[3] = eq + FK_Q * oq;
  v[4] = eq - FK_Q * oq;
  v[5] = FK_PP * FK_QQ * d[1] + odd;
}

// B: what six products add to the gradient of six pixels.
FK_INLINE void FK_NAME(tile_image_gradient)(const fk_v16 *m, fk_v16 *d) {
  fk_v16 sp = m[1] + m[2], dp = FK_P * (m[1] - m[2]), sq = m[3] + m[4], dq = FK_Q * (m[3] - m[4]);
  d[0] = FK_PP * FK_QQ * m[0];
  d[1] = FK_PP * FK_QQ * m[5] - FK_QQ * dp - FK_PP * dq;
  d[2] = -(FK_PP + FK_QQ) * m[0] - FK_QQ * sp - FK_PP * sq;
  d[3] = dp + dq - (FK_PP + FK_QQ) * m[5];
  d[4] = m[0] + sp + sq;
  d[5] = m[5];
}

// At: four outputs.
FK_INLINE void FK_NAME(tile_output)(const fk_v16 *m, fk_v16 *y) {
  fk_v16 sp = m[1] + m[2], dp = FK_P * (m[1] - m[2]), sq = m[3] + m[4], dq = FK_Q * (m[3] - m[4]);
  fk_v16 last = FK_QQ * dq + m[5];
  y[0] = m[0] + sp + sq;
  y[1] = dp + dq;
  y[2] = FK_PP * sp + FK_QQ * sq;
  y[3] = FK_PP * dp + last;
}

// A: four gradients of outputs.
FK_INLINE void FK_NAME(tile_output_gradient)(const fk_v16 *y, fk_v16 *v) {
  fk_v16 ep = y[0] + FK_PP * y[2], op = y[1] + FK_PP * y[3], eq = y[0] + FK_QQ * y[2], oq = y[1] + FK_QQ * y[3];
  v[0] = y[0];
  v[1] = ep + FK_P * op;
  v[2] = ep - FK_P * op;
  v[3] = eq + FK_Q * oq;
  v[4] = eq - FK_Q * oq;
  v[5] = y[3];
}

// G: three taps of a filter.
FK_INLINE void FK_NAME(tile_filter)(const fk_v16 *g, fk_v16 *u) {
  fk_v16 ep = FK_NP * g[0] + FK_NP * FK_PP * g[2], eq = FK_NQ * g[0] + FK_NQ * FK_QQ * g[2];
  u[0] = FK_N0 * g[0];
  u[1] = ep + FK_NP * FK_P * g[1];
  u[2] = ep - FK_NP * FK_P * g[1];
  u[3] = eq + FK_NQ * FK_Q * g[1];
  u[4] = eq - FK_NQ * FK_Q * g[1];
  u[5] = g[2];
}

// Gt: the gradient of three taps.
FK_INLINE void FK_NAME(tile_filter_gradient)(const fk_v16 *u, fk_v16 *g) {
  fk_v16 sp = u[1] + u[2], sq = u[3] + u[4];
  g[0] = FK_N0 * u[0] + FK_NP * sp + FK_NQ * sq;
  g[1] = FK_NP * FK_P * (u[1] - u[2]) + FK_NQ * FK_Q * (u[3] - u[4]);
  g[2] = FK_NP * FK_PP * sp + FK_NQ * FK_QQ * sq + u[5];
}

#define FK_AT(p) (*(fk_v16 *)(p))
#define FK_READ(p) (*(const fk_v16 *)(p))
#define FK_FOR(i, n) FK_UNROLL for (int i = 0; i < (n); i++)
// One-dimensional `f` of the n vectors `in` (of i), and what is done with each of its `outs` results o[i].
#define FK_MAP(f, n, in, outs, ...)      \
  do {                                   \
    fk_v16 d[6], o[6];                   \
    FK_FOR(i, n) d[i] = (in);            \
    FK_NAME(f)(d, o);                    \
    FK_FOR(i, outs) { __VA_ARGS__; }     \
  } while (0)

// A row of tiles: down the columns, then along the rows.
#define FK_TRANSFORM(name, f, n, border)                                                                       \
  FK_INLINE void FK_NAME(name)(const float *rows, ptrdiff_t width, float *to, ptrdiff_t part) {                \
    float down[6 * (FK_TILES_CHUNK + 2) * 16];                                                                 \
    for (ptrdiff_t x = 0, some; x < width; x += some, rows += some * 16, to += some * 4) {                     \
      some = width - x < FK_TILES_CHUNK ? width - x : FK_TILES_CHUNK;                                          \
      for (ptrdiff_t p = 0; p < (some + border) * 16; p += 16)                                                 \
        FK_MAP(f, n, FK_READ(rows + i * (width + border) * 16 + p), 6, FK_AT(down + i * (FK_TILES_CHUNK + 2) * 16 + p) = o[i]); \
      for (ptrdiff_t t = 0; t < some / 4; t++)                                                                 \
        FK_FOR(r, 6)                                                                                           \
          FK_MAP(f, n, FK_READ(down + (r * (FK_TILES_CHUNK + 2) + 4 * t + i) * 16), 6, FK_AT(to + (r * 6 + i) * part + t * 16) = o[i]); \
    }                                                                                                          \
  }
FK_TRANSFORM(tile_image_row, tile_image, 6, 2)
FK_TRANSFORM(tile_gradient_row, tile_output_gradient, 4, 0)
#undef FK_TRANSFORM

static void FK_NAME(tiles_read)(bool gradient, const float *rows, fk_extent extent, float *to, ptrdiff_t part) {
  for (ptrdiff_t r = 0; r < extent.height; r++, to += extent.width * 4)
    if (gradient)
      FK_NAME(tile_gradient_row)(rows + 4 * r * extent.width * 16, extent.width, to, part);
    else
      FK_NAME(tile_image_row)(rows + 4 * r * (extent.width + 2) * 16, extent.width, to, part);
}

// From the products of a row of tiles: four rows of outputs, or what they add to six rows of width + 2 pixels.
#define FK_BACK(name, f, n, border, put)                                                                        \
  FK_INLINE void FK_NAME(name)(const float *m, ptrdiff_t part, ptrdiff_t step, ptrdiff_t width, float *rows) {  \
    for (ptrdiff_t t = 0; t < width / 4; t++, m += step, rows += 64) {                                          \
      fk_v16 half[n][6];                                                                                        \
      FK_FOR(j, 6) FK_MAP(f, 6, FK_READ(m + (i * 6 + j) * part), n, half[i][j] = o[i]);                         \
      FK_FOR(r, n) FK_MAP(f, 6, half[r][i], n, FK_AT(rows + (r * (width + border) + i) * 16) put o[i]);         \
    }                                                                                                           \
  }
FK_BACK(tile_output_row, tile_output, 4, 0, =)
FK_BACK(tile_gradient_rows, tile_image_gradient, 6, 2, +=)
#undef FK_BACK

// Rows of `width` vectors of 16 channels, `gap` vectors between them, as pixels of planes.
FK_INLINE void FK_NAME(tiles_separate)(const float *from, ptrdiff_t pixels, ptrdiff_t width, ptrdiff_t gap, const fk_tile_planes *to,
                                       ptrdiff_t place) {
  float *at = to->to + place;
  const float *add = to->add ? to->add + place : 0;
  ptrdiff_t x = 0, i = 0;
  for (; i + 16 <= pixels; i += 16) {
    fk_v16 v[16];
    FK_FOR(j, 16) {
      v[j] = FK_READ(from);
      from += 16;
      if (++x == width) x = 0, from += gap * 16;
    }
    FK_NAME(transpose)(v);
    if (to->count == 16 && !add) {
      FK_FOR(c, 16) FK_AT(at + c * to->plane + i) = v[c];
    } else {
      for (ptrdiff_t c = 0; c < to->count; c++) FK_AT(at + c * to->plane + i) = add ? FK_READ(add + c * to->plane + i) + v[c] : v[c];
    }
  }
  for (; i < pixels; i++) {
    for (ptrdiff_t c = 0; c < to->count; c++) {
      float *pixel = at + c * to->plane + i;
      *pixel = add ? add[c * to->plane + i] + from[c] : from[c];
    }
    from += 16;
    if (++x == width) x = 0, from += gap * 16;
  }
}

static void FK_NAME(tiles_write)(const float *m, ptrdiff_t part, ptrdiff_t step, fk_extent extent, const fk_tile_planes *to, float *rows) {
  for (ptrdiff_t r = 0; r < extent.height; r++)
    FK_NAME(tile_output_row)(m + r * (extent.width / 4) * step, part, step, extent.width, rows + 4 * r * extent.width * 16);
  FK_NAME(tiles_separate)(rows, 4 * extent.height * extent.width, extent.width, 0, to, 0);
}

static void FK_NAME(tiles_add)(const float *m, ptrdiff_t part, ptrdiff_t step, const fk_tile_band *band, const fk_tile_planes *to,
                               float *rows, float *kept) {
  const ptrdiff_t width = band->width, row = (width + 2) * 16, count = 4 * band->rows, y = band->y;
  const bool first = y == 0, last = y + count == band->height;
  // The rows y - 2 to y + count.
  memset(rows, 0, sizeof(float) * (size_t)((count + 3) * row));
  if (!first) memcpy(rows, kept, sizeof(float) * (size_t)(3 * row));
  for (ptrdiff_t r = 0; r < band->rows; r++)
    FK_NAME(tile_gradient_rows)(m + r * (width / 4) * step, part, step, width, rows + (4 * r + 1) * row);
  if (!last) memcpy(kept, rows + count * row, sizeof(float) * (size_t)(3 * row));
  const ptrdiff_t begin = first ? 2 : 0, end = last ? count + 2 : count;
  if (band->reflect) {
    for (ptrdiff_t x = 0; x < row; x += 16) {
      if (first) FK_AT(rows + 3 * row + x) += FK_READ(rows + row + x);
      if (last) FK_AT(rows + count * row + x) += FK_READ(rows + (count + 2) * row + x);
    }
    for (float *r = rows + begin * row; r < rows + end * row; r += row) {
      FK_AT(r + 32) += FK_READ(r);
      FK_AT(r + 16 * (width - 1)) += FK_READ(r + 16 * (width + 1));
    }
  }
  FK_NAME(tiles_separate)(rows + begin * row + 16, (end - begin) * width, width, 2, to, (y - 2 + begin) * width);
}

FK_INLINE void FK_NAME(tile_filter_both)(const fk_v16 *g, float *u, ptrdiff_t part) {
  fk_v16 half[6][3];
  FK_FOR(s, 3) FK_MAP(tile_filter, 3, g[3 * i + s], 6, half[i][s] = o[i]);
  FK_FOR(r, 6) FK_MAP(tile_filter, 3, half[r][i], 6, FK_AT(u + (r * 6 + i) * part) = o[i]);
}

// Nine taps of 16 filters, `out` floats apart; those beyond `count` are 0.
FK_INLINE void FK_NAME(tile_taps)(const float *at, ptrdiff_t out, ptrdiff_t count, fk_v16 *v) {
  FK_FOR(i, 16) {
    v[i] = (fk_v16){0};
    if (i < count) memcpy(v + i, at + i * out, 9 * sizeof(float));
  }
  FK_NAME(transpose)(v);
}

static void FK_NAME(tiles_filter)(const fk_filter *filter, ptrdiff_t channels, ptrdiff_t vectors, float *to, ptrdiff_t part) {
  for (ptrdiff_t k = 0; k < vectors; k++)
    for (ptrdiff_t c = 0; c < channels; c++) {
      fk_v16 v[16];
      const ptrdiff_t rest = filter->outs - 16 * k;
      FK_NAME(tile_taps)(filter->at + 16 * k * filter->out + c * filter->in, filter->out, rest < 16 ? rest : 16, v);
      FK_NAME(tile_filter_both)(v, to + (c * vectors + k) * 16, part);
    }
}

FK_INLINE void FK_NAME(tile_product)(int tiles, int vectors, ptrdiff_t channels, const float *v, ptrdiff_t vector, const float *u, float *m) {
  fk_v16 acc[FK_TILES_ONE][2];
  FK_FOR(t, tiles) FK_FOR(k, vectors) acc[t][k] = (fk_v16){0};
  for (; channels > 0; channels -= 16, v += vector)
    for (ptrdiff_t i = 0; i < (channels < 16 ? channels : 16); i++, u += 16 * vectors)
      FK_FOR(t, tiles) FK_FOR(k, vectors) acc[t][k] += FK_READ(u + 16 * k) * v[t * 16 + i];
  FK_FOR(t, tiles) FK_FOR(k, vectors) FK_AT(m + (t * vectors + k) * 16) = acc[t][k];
}

#define FK_CASE(n)                                                                                                    \
  case n:                                                                                                             \
    if (vectors == 1)                                                                                                 \
      FK_NAME(tile_product)(n < FK_TILES_ONE ? n : FK_TILES_ONE, 1, channels, from, v->vector, filter, to);           \
    else                                                                                                              \
      FK_NAME(tile_product)(n < FK_TILES_TWO ? n : FK_TILES_TWO, 2, channels, from, v->vector, filter, to);           \
    break;
#define FK_CASES(a, b, c, d, e, f) FK_CASE(a) FK_CASE(b) FK_CASE(c) FK_CASE(d) FK_CASE(e) FK_CASE(f)
static void FK_NAME(tiles_multiply)(const fk_tiles *v, ptrdiff_t tiles, ptrdiff_t channels, const float *u, ptrdiff_t u_part,
                                    ptrdiff_t vectors, float *m, ptrdiff_t m_part) {
  const ptrdiff_t most = vectors == 1 ? FK_TILES_ONE : FK_TILES_TWO, shares = (tiles + most - 1) / most;
  for (ptrdiff_t part = 0; part < 36; part++) {
    const float *from = v->at + part * v->part, *filter = u + part * u_part;
    float *to = m + part * m_part;
    for (ptrdiff_t share = 0; share < shares; share++) {
      const ptrdiff_t some = (tiles + share) / shares;
      switch (some) {
        FK_CASES(1, 2, 3, 4, 5, 6)
#if FK_TILES_ONE > 6
        FK_CASES(7, 8, 9, 10, 11, 12)
        FK_CASES(13, 14, 15, 16, 17, 18)
        FK_CASES(19, 20, 21, 22, 23, 24)
#endif
      }
      from += some * 16;
      to += some * 16 * vectors;
    }
  }
}
#undef FK_CASES
#undef FK_CASE

FK_INLINE void FK_NAME(tile_outer)(int planes, int vectors, ptrdiff_t tiles, const float *z, const float *v, ptrdiff_t vector,
                                   ptrdiff_t row, bool more, float *to) {
  fk_v16 acc[FK_TILES_OUTER_ONE][2];
  FK_FOR(k, planes) FK_FOR(j, vectors) acc[k][j] = more ? FK_READ(to + k * row + 16 * j) : (fk_v16){0};
  for (ptrdiff_t t = 0; t < tiles; t++, z += 16, v += 16)
    FK_FOR(k, planes) FK_FOR(j, vectors) acc[k][j] += FK_READ(v + j * vector) * z[k];
  FK_FOR(k, planes) FK_FOR(j, vectors) FK_AT(to + k * row + 16 * j) = acc[k][j];
}

static void FK_NAME(tiles_outer)(const fk_tiles *z, ptrdiff_t planes, const fk_tiles *v, ptrdiff_t channels, ptrdiff_t tiles, bool more,
                                 float *sums, ptrdiff_t part) {
  for (ptrdiff_t e = 0; e < 36; e++, sums += part)
    for (ptrdiff_t c = 0, vectors; c < channels; c += 16 * vectors) {
      vectors = channels - c > 16 ? 2 : 1;
      const float *at = v->at + e * v->part + c / 16 * v->vector;
      for (ptrdiff_t k = 0; k < planes; k += vectors == 1 ? FK_TILES_OUTER_ONE : FK_TILES_OUTER_TWO) {
        const float *plane = z->at + e * z->part + k / 16 * z->vector + k % 16;
        float *to = sums + k * channels + c;
        if (vectors == 1)
          FK_NAME(tile_outer)(FK_TILES_OUTER_ONE, 1, tiles, plane, at, v->vector, channels, more, to);
        else
          FK_NAME(tile_outer)(FK_TILES_OUTER_TWO, 2, tiles, plane, at, v->vector, channels, more, to);
      }
    }
}

static void FK_NAME(tiles_filter_gradient)(const fk_partials *partials, ptrdiff_t part, ptrdiff_t lanes, const fk_gradient *gradient) {
  fk_v16 half[3][6], v[16];
  FK_FOR(j, 6) {
    fk_v16 d[6], o[6];
    FK_FOR(i, 6) {
      const float *from = partials->at + (i * 6 + j) * part;
      d[i] = FK_READ(from);
      for (ptrdiff_t p = 1; p < partials->count; p++) d[i] += FK_READ(from + p * partials->stride);
    }
    FK_NAME(tile_filter_gradient)(d, o);
    FK_FOR(i, 3) half[i][j] = o[i];
  }
  FK_FOR(r, 3) FK_MAP(tile_filter_gradient, 6, half[r][i], 3, v[3 * r + i] = o[i]);
  FK_FOR(i, 7) v[9 + i] = (fk_v16){0};
  FK_NAME(transpose)(v);
  for (ptrdiff_t lane = 0; lane < lanes; lane++)
    for (int t = 0; t < 9; t++) {
      const ptrdiff_t at = lane * gradient->channel + t;
      gradient->to[at] = gradient->add ? gradient->add[at] + v[lane][t] : v[lane][t];
    }
}

#undef FK_MAP
#undef FK_FOR
#undef FK_READ
#undef FK_AT
#undef FK_P
#undef FK_Q
#undef FK_PP
#undef FK_QQ
#undef FK_N0
#undef FK_NP
#undef FK_NQ
