// Gradient descent and the moving average in one pass over memory; compiled once per processor level by sgd.c.

static void FK_NAME(sgd)(float *restrict weight, float *restrict velocity, float *restrict average,
                         const float *restrict gradient, ptrdiff_t n, fk_sgd_settings s) {
  if (!velocity) {
    for (ptrdiff_t i = 0; i < n; i++) weight[i] -= s.rate * gradient[i];
  } else {
    for (ptrdiff_t i = 0; i < n; i++) {
      const float v = s.momentum * velocity[i] + gradient[i];
      velocity[i] = v;
      weight[i] -= s.rate * (s.nesterov ? gradient[i] + s.momentum * v : v);
    }
  }
  if (average)
    for (ptrdiff_t i = 0; i < n; i++) average[i] += (1.0f - s.decay) * (weight[i] - average[i]);
}
