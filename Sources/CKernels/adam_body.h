// Adam and the moving average in one pass over memory; compiled once per processor level by adam.c.

static void FK_NAME(adam)(float *restrict weight, float *restrict first, float *restrict second, float *restrict average,
                          const float *restrict gradient, ptrdiff_t n, fk_adam_settings s) {
  const float scale = s.rate / s.correction1, root = 1.0f / __builtin_elementwise_sqrt(s.correction2);
  if (!first) {
    for (ptrdiff_t i = 0; i < n; i++) {
      const float g = gradient[i], v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
      second[i] = v;
      weight[i] = weight[i] * s.kept - scale * g / (__builtin_elementwise_sqrt(v) * root + s.epsilon);
    }
  } else {
    for (ptrdiff_t i = 0; i < n; i++) {
      const float g = gradient[i], m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
      const float v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
      first[i] = m;
      second[i] = v;
      weight[i] = weight[i] * s.kept - scale * m / (__builtin_elementwise_sqrt(v) * root + s.epsilon);
    }
  }
  if (average)
    for (ptrdiff_t i = 0; i < n; i++) average[i] += (1.0f - s.decay) * (weight[i] - average[i]);
}
