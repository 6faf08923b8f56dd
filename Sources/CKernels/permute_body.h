// Permutations of axes, and maxima along one; compiled once per processor level by permute.c.

// A matrix of 8x8 by three rounds of swaps: of single numbers, pairs and halves.
static inline __attribute__((always_inline)) void FK_NAME(transpose8)(const float *restrict from, ptrdiff_t from_row,
                                                                     float *restrict to, ptrdiff_t to_row) {
  fk_v8 a[8], b[8];
  for (int i = 0; i < 8; i++) a[i] = *(const fk_v8 *)(from + i * from_row);
  for (int i = 0; i < 8; i += 2) {
    b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int k = 0; k < 2; k++) {
      a[i + k] = __builtin_shufflevector(b[i + k], b[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      a[i + k + 2] = __builtin_shufflevector(b[i + k], b[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; i++) {
    *(fk_v8 *)(to + i * to_row) = __builtin_shufflevector(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(fk_v8 *)(to + (i + 4) * to_row) = __builtin_shufflevector(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

static inline __attribute__((always_inline)) void FK_NAME(transpose_plain)(const float *restrict from, ptrdiff_t from_row,
                                                                          float *restrict to, ptrdiff_t to_row, ptrdiff_t rows,
                                                                          ptrdiff_t columns) {
  for (ptrdiff_t c = 0; c < columns; c++)
    for (ptrdiff_t r = 0; r < rows; r++) to[c * to_row + r] = from[r * from_row + c];
}

// to[c * to_row + r] = from[r * from_row + c]
static inline void FK_NAME(transpose)(const float *restrict from, ptrdiff_t from_row, float *restrict to, ptrdiff_t to_row,
                                      ptrdiff_t rows, ptrdiff_t columns) {
  // Every second number of a row, and rows dealt out by turns: what moving between space and depth does.
  if (columns == 2 && from_row == 2) {
    float *restrict odd = to + to_row;
    ptrdiff_t r = 0;
    for (; r + 16 <= rows; r += 16) {
      fk_v16 a = *(const fk_v16 *)(from + 2 * r), b = *(const fk_v16 *)(from + 2 * r + 16);
      *(fk_v16 *)(to + r) = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
      *(fk_v16 *)(odd + r) = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    }
    for (; r < rows; r++) to[r] = from[2 * r], odd[r] = from[2 * r + 1];
    return;
  }
  if (rows == 2 && to_row == 2) {
    const float *restrict odd = from + from_row;
    ptrdiff_t c = 0;
    for (; c + 16 <= columns; c += 16) {
      fk_v16 a = *(const fk_v16 *)(from + c), b = *(const fk_v16 *)(odd + c);
      *(fk_v16 *)(to + 2 * c) = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      *(fk_v16 *)(to + 2 * c + 16) = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    for (; c < columns; c++) to[2 * c] = from[c], to[2 * c + 1] = odd[c];
    return;
  }
  if (rows < 8 || columns < 8) {
    if (rows < columns) {
      for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t c = 0; c < columns; c++) to[c * to_row + r] = from[r * from_row + c];
    } else {
      FK_NAME(transpose_plain)(from, from_row, to, to_row, rows, columns);
    }
    return;
  }
  // Blocks whose lines of either side stay in the first-level cache.
  const ptrdiff_t wholeRows = rows / 8 * 8, wholeColumns = columns / 8 * 8;
  for (ptrdiff_t firstRow = 0; firstRow < wholeRows; firstRow += 64)
    for (ptrdiff_t firstColumn = 0; firstColumn < wholeColumns; firstColumn += 64)
      for (ptrdiff_t c = firstColumn; c < wholeColumns && c < firstColumn + 64; c += 8)
        for (ptrdiff_t r = firstRow; r < wholeRows && r < firstRow + 64; r += 8)
          FK_NAME(transpose8)(from + r * from_row + c, from_row, to + c * to_row + r, to_row);
  FK_NAME(transpose_plain)(from + wholeColumns, from_row, to + wholeColumns * to_row, to_row, rows, columns - wholeColumns);
  FK_NAME(transpose_plain)(from + wholeRows * from_row, from_row, to + wholeRows, to_row, rows - wholeRows, wholeColumns);
}

static void FK_NAME(permute)(const fk_permutation *p, const float *from, float *to, ptrdiff_t first, ptrdiff_t last) {
  const ptrdiff_t blocks = (p->rows + p->block - 1) / p->block;
  ptrdiff_t block = first % blocks, rest = first / blocks, index[FK_PERMUTE_AXES] = {0};
  for (ptrdiff_t axis = p->axes - 1; axis >= 0; axis--) {
    index[axis] = rest % p->extents[axis];
    rest /= p->extents[axis];
    from += index[axis] * p->from_strides[axis];
    to += index[axis] * p->to_strides[axis];
  }
  for (ptrdiff_t item = first; item < last; item++) {
    const ptrdiff_t row = block * p->block, rows = p->rows - row < p->block ? p->rows - row : p->block;
    if (p->columns == 1 && p->from_row == 1) {
      memcpy(to + row, from + row, (size_t)rows * sizeof(float));
    } else {
      FK_NAME(transpose)(from + row * p->from_row, p->from_row, to + row, p->to_row, rows, p->columns);
    }
    if (++block < blocks) continue;
    block = 0;
    for (ptrdiff_t axis = p->axes - 1; axis >= 0; axis--) {
      from += p->from_strides[axis];
      to += p->to_strides[axis];
      if (++index[axis] < p->extents[axis]) break;
      from -= p->extents[axis] * p->from_strides[axis];
      to -= p->extents[axis] * p->to_strides[axis];
      index[axis] = 0;
    }
  }
}

// Blocks of `size` numbers that are each rearranged alike: to[i] = from[index[i]].
static void FK_NAME(permute_blocks)(const int32_t *restrict index, ptrdiff_t size, const float *restrict from,
                                    float *restrict to, ptrdiff_t first, ptrdiff_t last) {
  from += first * size, to += first * size;
  if (size == 16) {
    int32_t order[16];
    for (int i = 0; i < 16; i++) order[i] = index[i];
    for (ptrdiff_t block = first; block < last; block++, from += 16, to += 16) {
      fk_v16 out;
      for (int i = 0; i < 16; i++) out[i] = from[order[i]];
      *(fk_v16 *)to = out;
    }
    return;
  }
  for (ptrdiff_t block = first; block < last; block++, from += size, to += size)
    for (ptrdiff_t i = 0; i < size; i++) to[i] = from[index[i]];
}

static void FK_NAME(maximum)(const float *restrict x, float *restrict y, ptrdiff_t reduced, ptrdiff_t inner, ptrdiff_t first,
                             ptrdiff_t last) {
  const float least = -__builtin_inff();
  for (ptrdiff_t o = first; o < last; o++) {
    const float *from = x + o * reduced * inner;
    float *to = y + o * inner;
    if (inner == 1) {
      fk_v16 most;
      for (int l = 0; l < 16; l++) most[l] = least;
      ptrdiff_t r = 0;
      for (; r + 16 <= reduced; r += 16) {
        const fk_v16 next = *(const fk_v16 *)(from + r);
        const fk_i16 larger = next > most;
        most = (fk_v16)(((fk_i16)next & larger) | ((fk_i16)most & ~larger));
      }
      for (int l = 0; r < reduced; r++, l++) most[l] = from[r] > most[l] ? from[r] : most[l];
      for (int half = 8; half > 0; half /= 2)
        for (int l = 0; l < half; l++) most[l] = most[l + half] > most[l] ? most[l + half] : most[l];
      *to = most[0];
      continue;
    }
    for (ptrdiff_t i = 0; i < inner; i++) to[i] = least;
    for (ptrdiff_t r = 0; r < reduced; r++, from += inner)
      for (ptrdiff_t i = 0; i < inner; i++) to[i] = from[i] > to[i] ? from[i] : to[i];
  }
}
