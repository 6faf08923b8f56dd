// RMSprop and the moving average in one pass over memory; compiled once per processor level by rmsprop.c.

static void FK_NAME(rmsprop)(float *restrict weight, float *restrict square, float *restrict mean, float *restrict velocity,
                             float *restrict average, const float *restrict gradient, ptrdiff_t n, fk_rmsprop_settings s) {
  for (ptrdiff_t i = 0; i < n; i++) {
    const float g = gradient[i];
    square[i] = s.keep * square[i] + (1.0f - s.keep) * g * g;
  }
  if (mean)
    for (ptrdiff_t i = 0; i < n; i++) mean[i] = s.keep * mean[i] + (1.0f - s.keep) * gradient[i];
  for (ptrdiff_t i = 0; i < n; i++) {
    float v = square[i];
    if (mean) v = __builtin_elementwise_max(v - mean[i] * mean[i], 0.0f);
    float step = gradient[i] / (__builtin_elementwise_sqrt(v) + s.epsilon);
    if (velocity) velocity[i] = step = s.momentum * velocity[i] + step;
    weight[i] -= s.rate * step;
  }
  if (average)
    for (ptrdiff_t i = 0; i < n; i++) average[i] += (1.0f - s.decay) * (weight[i] - average[i]);
}
