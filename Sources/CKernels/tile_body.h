// The interpreter of tile programs; compiled once per processor level by tile.c.

// The result may be one of the operands, element for element; clang would guard against that with a scalar loop.
// Sixteen at a time: left to itself clang takes eight.
#define ROWS(expression)                                                                     \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1) unroll_count(2)")     \
  for (ptrdiff_t j = 0; j < n; j++) y[j] = (expression)

// e^x for |x| <= 87: 2^k * e^r with r in [-ln2/2, ln2/2] and a Taylor polynomial of degree 7 (relative error below 1e-7).
static inline __attribute__((always_inline)) float FK_NAME(exponential)(float x) {
  x = x > 87.0f ? 87.0f : x < -87.0f ? -87.0f : x;
  float k = __builtin_rintf(x * 1.44269504f);
  float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.98412698e-4f;
  p = p * r + 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  union {
    int32_t bits;
    float number;
  } power = {.bits = ((int32_t)k + 127) << 23};
  return p * power.number;
}

static inline __attribute__((always_inline)) float FK_NAME(logistic)(float x) {
  return 1.0f / (1.0f + FK_NAME(exponential)(-x));
}

// log x: x = 2^e * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and the polynomial of Cephes' logf (relative error below 2e-7). Minus
// infinity at 0 and below the smallest normal number, no number for negative x.
static inline __attribute__((always_inline)) float FK_NAME(logarithm)(float x) {
  union {
    float number;
    uint32_t bits;
  } from = {.number = x};
  const int32_t e = (int32_t)(from.bits - 0x3f3504f3u) >> 23;
  from.bits -= (uint32_t)e << 23;
  const float f = from.number - 1.0f, k = (float)e, square = f * f;
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  p = p * f * square;
  p = p - k * 2.12194440e-4f;
  p = p - 0.5f * square;
  const float y = (f + p) + k * 0.693359375f;
  const float outside = x >= 0.0f ? -__builtin_inff() : __builtin_nanf("");
  return x > 3.402823466e+38f ? x : x >= 1.17549435e-38f ? y : outside;
}

// log(1 + e^x) = max(x, 0) + log(1 + t) with t = e^-|x|, which is exact to its last bits for small t as well: what 1 + t loses is added
// again, divided by the slope.
static inline __attribute__((always_inline)) float FK_NAME(softplus)(float x) {
  const float t = FK_NAME(exponential)(x > 0.0f ? -x : x), u = 1.0f + t;
  return (x > 0.0f ? x : 0.0f) + (FK_NAME(logarithm)(u) + (t - (u - 1.0f)) / u);
}

// Four times sixteen partial sums in a fixed order: the same bits on every processor level, and no addition waits for the
// one before it.
#define FK_PARTIAL_SUMS(vector, element)                                                \
  fk_v16 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};                                        \
  ptrdiff_t j = 0;                                                                      \
  for (; j + 64 <= n; j += 64) s0 += vector(j), s1 += vector(j + 16), s2 += vector(j + 32), s3 += vector(j + 48); \
  for (; j + 16 <= n; j += 16) s0 += vector(j);                                         \
  for (int l = 0; j < n; j++, l++) s1[l] += element(j);                                 \
  s0 = (s0 + s1) + (s2 + s3);                                                           \
  for (int half = 8; half > 0; half /= 2)                                               \
    for (int l = 0; l < half; l++) s0[l] += s0[l + half];                               \
  return s0[0]
#define FK_VECTOR(x, j) (*(const fk_v16 *)((x) + (j)))

static inline float FK_NAME(sum)(const float *restrict a, ptrdiff_t n) {
#define FK_TERMS(j) FK_VECTOR(a, j)
#define FK_TERM(j) a[j]
  FK_PARTIAL_SUMS(FK_TERMS, FK_TERM);
#undef FK_TERMS
#undef FK_TERM
}

static inline float FK_NAME(dot)(const float *restrict a, const float *restrict b, ptrdiff_t n) {
#define FK_TERMS(j) FK_VECTOR(a, j) * FK_VECTOR(b, j)
#define FK_TERM(j) a[j] * b[j]
  FK_PARTIAL_SUMS(FK_TERMS, FK_TERM);
#undef FK_TERMS
#undef FK_TERM
}
#undef FK_PARTIAL_SUMS

// `n` pixels of rows of `width`, whole pairs of them, from rows half as wide.
static inline void FK_NAME(upsample_rows)(const float *restrict x, float *restrict y, ptrdiff_t n, ptrdiff_t width) {
  for (ptrdiff_t first = 0; first < n; first += 2 * width, x += width / 2, y += 2 * width) {
    ptrdiff_t j = 0;
    for (; j + 16 <= width / 2; j += 16) {
      fk_v16 from = FK_VECTOR(x, j);
      fk_v16 left = __builtin_shufflevector(from, from, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
      fk_v16 right = __builtin_shufflevector(from, from, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
      for (ptrdiff_t row = 0; row <= width; row += width) {
        *(fk_v16 *)(y + row + 2 * j) = left;
        *(fk_v16 *)(y + row + 2 * j + 16) = right;
      }
    }
    for (; j < width / 2; j++) y[2 * j] = y[2 * j + 1] = y[width + 2 * j] = y[width + 2 * j + 1] = x[j];
  }
}

// The sums of 2x2 pixels of `n` pixels in rows of `width`, whole pairs of them.
static inline void FK_NAME(pool_rows)(const float *restrict x, float *restrict y, ptrdiff_t n, ptrdiff_t width) {
  for (ptrdiff_t first = 0; first < n; first += 2 * width, x += 2 * width, y += width / 2) {
    ptrdiff_t j = 0;
    for (; j + 16 <= width / 2; j += 16) {
      fk_v16 sums[2];
      for (int row = 0; row < 2; row++) {
        fk_v16 left = FK_VECTOR(x, row * width + 2 * j), right = FK_VECTOR(x, row * width + 2 * j + 16);
        sums[row] = __builtin_shufflevector(left, right, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
                    __builtin_shufflevector(left, right, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
      }
      *(fk_v16 *)(y + j) = sums[0] + sums[1];
    }
    for (; j < width / 2; j++) y[j] = (x[2 * j] + x[2 * j + 1]) + (x[width + 2 * j] + x[width + 2 * j + 1]);
  }
}
#undef FK_VECTOR

static void FK_NAME(fk_tile_run)(const fk_tile_program *program, float *const *inputs, float *const *outputs, ptrdiff_t a,
                                 ptrdiff_t first, ptrdiff_t last, float *scratch, float *partials) {
  float *row[256] = {0};
  float scalar[256] = {0};
  for (ptrdiff_t p = first; p < last; p += program->length) {
    const ptrdiff_t n = last - p < program->length ? last - p : program->length;
    for (ptrdiff_t i = 0; i < program->row_count; i++) row[i] = scratch + i * program->stride;
    for (ptrdiff_t k = 0; k < program->block_count; k++) {
      const fk_tile_block block = program->blocks[k];
      const ptrdiff_t rows = block.per_row ? program->rows : 1;
      for (ptrdiff_t b = 0; b < rows; b++) {
        const fk_tile_instruction *i = program->instructions + block.first, *end = i + block.count;
        for (; i < end; i++) {
          float *y = row[i->dst];
          const float *u = row[i->a], *v = row[i->b];
          const float *w = row[i->c];
          const float s = scalar[i->a], t = scalar[i->b], c = i->value;
          switch ((enum fk_tile_op)i->op) {
            case FK_ADD_RR: ROWS(u[j] + v[j]); break;
            case FK_ADD_RS: ROWS(u[j] + t); break;
            case FK_SUB_RR: ROWS(u[j] - v[j]); break;
            case FK_SUB_RS: ROWS(u[j] - t); break;
            case FK_SUB_SR: ROWS(s - v[j]); break;
            case FK_MUL_RR: ROWS(u[j] * v[j]); break;
            case FK_MUL_RS: ROWS(u[j] * t); break;
            case FK_SCALE_R: ROWS(u[j] * c); break;
            case FK_OFFSET_R: ROWS(u[j] + c); break;
            case FK_SQRT_R: ROWS(__builtin_elementwise_sqrt(u[j])); break;
            case FK_RECIPROCAL_R: ROWS(u[j] == 0 ? 0.0f : 1.0f / u[j]); break;
            case FK_SIGMOID_R: ROWS(FK_NAME(logistic)(u[j])); break;
            case FK_TANH_R: ROWS(2.0f * FK_NAME(logistic)(2.0f * u[j]) - 1.0f); break;
            case FK_LEAKY_R: ROWS(u[j] > 0 ? u[j] : c * u[j]); break;
            case FK_SLOPE_R: ROWS(u[j] > 0 ? 1.0f : c); break;
            case FK_EXPONENTIAL_R: ROWS(FK_NAME(exponential)(u[j])); break;
            case FK_LOGARITHM_R: ROWS(FK_NAME(logarithm)(u[j])); break;
            case FK_SOFTPLUS_R: ROWS(FK_NAME(softplus)(u[j])); break;
            case FK_COPY_R: ROWS(u[j]); break;
            case FK_SPLAT_S: ROWS(s); break;
            case FK_ZERO_R: ROWS(0.0f); break;
            case FK_MULTIPLY_ADD: ROWS(u[j] * v[j] + w[j]); break;
            case FK_MULTIPLY_SUBTRACT: ROWS(w[j] - u[j] * v[j]); break;
            case FK_SCALE_ADD_RR: ROWS(c * u[j] + v[j]); break;
            case FK_SCALE_ADD_RS: ROWS(c * u[j] + t); break;
            case FK_MULTIPLY_LEAKY: ROWS(u[j] * v[j] > 0 ? u[j] * v[j] : c * (u[j] * v[j])); break;
            case FK_MULTIPLY_SLOPE: ROWS(v[j] > 0 ? u[j] : c * u[j]); break;
            case FK_ACCUMULATE_R: ROWS(y[j] + u[j]); break;
            case FK_ACCUMULATE_RR: ROWS(y[j] + u[j] * v[j]); break;
            case FK_ADD_SS: scalar[i->dst] = s + t; break;
            case FK_SUB_SS: scalar[i->dst] = s - t; break;
            case FK_MUL_SS: scalar[i->dst] = s * t; break;
            case FK_SCALE_S: scalar[i->dst] = s * c; break;
            case FK_OFFSET_S: scalar[i->dst] = s + c; break;
            case FK_SQRT_S: scalar[i->dst] = __builtin_elementwise_sqrt(s); break;
            case FK_RECIPROCAL_S: scalar[i->dst] = s == 0 ? 0.0f : 1.0f / s; break;
            case FK_SIGMOID_S: scalar[i->dst] = FK_NAME(logistic)(s); break;
            case FK_TANH_S: scalar[i->dst] = 2.0f * FK_NAME(logistic)(2.0f * s) - 1.0f; break;
            case FK_LEAKY_S: scalar[i->dst] = s > 0 ? s : c * s; break;
            case FK_SLOPE_S: scalar[i->dst] = s > 0 ? 1.0f : c; break;
            case FK_EXPONENTIAL_S: scalar[i->dst] = FK_NAME(exponential)(s); break;
            case FK_LOGARITHM_S: scalar[i->dst] = FK_NAME(logarithm)(s); break;
            case FK_SOFTPLUS_S: scalar[i->dst] = FK_NAME(softplus)(s); break;
            case FK_SET_S: scalar[i->dst] = c; break;
            case FK_LOAD_R: {
              const fk_tile_view view = program->inputs[i->a];
              float *x = inputs[i->a] + a * view.stride_a + b * view.stride_b + p;
              row[i->dst] = x;
              if (i->b) {
                // The processor does not look ahead across the 4 KiB pages that rows lie in.
                const float *next = b + 1 < rows ? x + view.stride_b : x - b * view.stride_b + n;
                for (ptrdiff_t j = 0; j < n; j += 16) __builtin_prefetch(next + j);
              }
              break;
            }
            case FK_LOAD_S: {
              const fk_tile_view view = program->inputs[i->a];
              scalar[i->dst] = inputs[i->a][a * view.stride_a + b * view.stride_b];
              break;
            }
            case FK_BIND_R: {
              const fk_tile_view view = program->outputs[i->a];
              row[i->dst] = outputs[i->a] + a * view.stride_a + b * view.stride_b + p;
              break;
            }
            case FK_UPSAMPLE_R: {
              const fk_tile_view view = program->inputs[i->a];
              const float *x = inputs[i->a] + a * view.stride_a + b * view.stride_b + p / 4;
              FK_NAME(upsample_rows)(x, y, n, program->width);
              break;
            }
            case FK_POOL_R: {
              const fk_tile_view view = program->outputs[i->dst];
              FK_NAME(pool_rows)(u, outputs[i->dst] + a * view.stride_a + b * view.stride_b + p / 4, n, program->width);
              break;
            }
            case FK_SUM_R: partials[program->sum_offsets[i->dst] + (program->sum_varies[i->dst] ? b : 0)] += FK_NAME(sum)(u, n); break;
            case FK_SUM_RR:
              partials[program->sum_offsets[i->dst] + (program->sum_varies[i->dst] ? b : 0)] += FK_NAME(dot)(u, v, n);
              break;
            case FK_SUM_S: partials[program->sum_offsets[i->dst] + (program->sum_varies[i->dst] ? b : 0)] += s * (float)n; break;
          }
        }
      }
    }
  }
}
#undef ROWS
