#include "CKernels.h"

#include <math.h>
#include <string.h>

/// The pixel that is seen at `i` of `n`: -1 for none.
static inline ptrdiff_t seen(double place, ptrdiff_t n, int mirrors) {
  // Far away nothing of the sum below would be exact.
  if (!(place > -1e9 && place < 1e9)) return -1;
  ptrdiff_t i = (ptrdiff_t)place;
  if (i >= 0 && i < n) return i;
  if (!mirrors) return -1;
  if (n == 1) return 0;
  const ptrdiff_t period = 2 * (n - 1);
  i %= period;
  if (i < 0) i += period;
  return i < n ? i : period - i;
}

void fk_affine(const float *from, float *to, const float *m, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, int mirrors,
               int transposed) {
  const ptrdiff_t plane = height * width;
  if (transposed) memset(to, 0, sizeof(float) * (size_t)(channels * plane));
  for (ptrdiff_t i = 0; i < height; i++) {
    for (ptrdiff_t j = 0; j < width; j++) {
      const double row = (double)m[0] * (double)i + (double)m[1] * (double)j + (double)m[2];
      const double column = (double)m[3] * (double)i + (double)m[4] * (double)j + (double)m[5];
      const double r = floor(row), c = floor(column);
      const float below = (float)(row - r), right = (float)(column - c);
      const ptrdiff_t rows[2] = {seen(r, height, mirrors), seen(r + 1, height, mirrors)};
      const ptrdiff_t columns[2] = {seen(c, width, mirrors), seen(c + 1, width, mirrors)};
      const float down[2] = {1.0f - below, below}, across[2] = {1.0f - right, right};
      ptrdiff_t places[4];
      float weights[4];
      int count = 0;
      for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++) {
          const float weight = down[a] * across[b];
          if (rows[a] < 0 || columns[b] < 0 || weight == 0.0f) continue;
          places[count] = rows[a] * width + columns[b];
          weights[count++] = weight;
        }
      const ptrdiff_t here = i * width + j;
      if (transposed) {
        for (ptrdiff_t channel = 0; channel < channels; channel++)
          for (int k = 0; k < count; k++) to[channel * plane + places[k]] += weights[k] * from[channel * plane + here];
      } else {
        for (ptrdiff_t channel = 0; channel < channels; channel++) {
          float sum = 0.0f;
          for (int k = 0; k < count; k++) sum += weights[k] * from[channel * plane + places[k]];
          to[channel * plane + here] = sum;
        }
      }
    }
  }
}
