// Normal random numbers; compiled once per processor level by normal.c. No multiplication is contracted with an addition here,
// so that every level gives the same bits.

#pragma clang fp contract(off)

// ln(x) for x in (0, 1]: x = m * 2^e with m in [sqrt(1/2), sqrt(2)), ln(m) = 2 atanh((m - 1) / (m + 1)).
static inline __attribute__((always_inline)) float FK_NAME(logarithm)(float x) {
  union {
    float number;
    int32_t bits;
  } u = {.number = x};
  int32_t e = (u.bits - 0x3f3504f3) >> 23;
  u.bits -= e * (1 << 23);
  float s = (u.number - 1.0f) / (u.number + 1.0f), z = s * s;
  float p = ((0.11111111f * z + 0.14285714f) * z + 0.2f) * z + 0.33333333f;
  return (float)e * 0.69314718f + 2.0f * (s + s * z * p);
}

// sin and cos of 2 pi t for t in [-1/8, 1/8], by Taylor polynomials.
static inline __attribute__((always_inline)) void FK_NAME(circle)(float t, float *s, float *c) {
  float x = t * 6.28318531f, z = x * x;
  *s = x * (1.0f + z * (-0.16666667f + z * (8.3333333e-3f + z * -1.9841270e-4f)));
  *c = 1.0f + z * (-0.5f + z * (4.1666667e-2f + z * (-1.3888889e-3f + z * 2.4801587e-5f)));
}

static void FK_NAME(normals)(float *restrict out, ptrdiff_t blocks, uint64_t key, uint64_t counter) {
  for (ptrdiff_t i = 0; i < blocks; i++) {
    uint64_t n = counter + (uint64_t)i;
    uint32_t c0 = (uint32_t)n, c1 = (uint32_t)(n >> 32), c2 = 0, c3 = 0, k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
      uint64_t a = (uint64_t)c0 * 0xd2511f53u, b = (uint64_t)c2 * 0xcd9e8d57u;
      c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
      c1 = (uint32_t)b;
      c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
      c3 = (uint32_t)a;
      k0 += 0x9e3779b9u;
      k1 += 0xbb67ae85u;
    }
    uint32_t radius[2] = {c0, c2}, angle[2] = {c1, c3};
    for (int pair = 0; pair < 2; pair++) {
      // 24 bits each: u in (0, 1], and a turn of a quarter circle chosen by the top two bits.
      float u = (float)((radius[pair] >> 8) + 1) * 0x1p-24f;
      float r = __builtin_elementwise_sqrt(-2.0f * FK_NAME(logarithm)(u));
      float s, c;
      FK_NAME(circle)((float)((angle[pair] >> 8) & 0x3fffff) * 0x1p-24f - 0.125f, &s, &c);
      uint32_t quarter = angle[pair] >> 30;
      float x = quarter & 1 ? -s : c, y = quarter & 1 ? c : s;
      out[4 * i + 2 * pair] = quarter & 2 ? -r * x : r * x;
      out[4 * i + 2 * pair + 1] = quarter & 2 ? -r * y : r * y;
    }
  }
}

#pragma clang fp contract(on)
