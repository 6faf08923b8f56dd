// Multiply-adds and nothing else: the machine's limit. Compiled once per processor level by peak.c.

#if FK_LEVEL == 2
enum { FK_NAME(peak_width) = 16, FK_NAME(peak_chains) = 24 };
typedef float FK_NAME(peak_vector) __attribute__((vector_size(64)));
#elif FK_LEVEL == 1
enum { FK_NAME(peak_width) = 8, FK_NAME(peak_chains) = 12 };
typedef float FK_NAME(peak_vector) __attribute__((vector_size(32)));
#else
enum { FK_NAME(peak_width) = 4, FK_NAME(peak_chains) = 12 };
typedef float FK_NAME(peak_vector) __attribute__((vector_size(16)));
#endif

static int64_t FK_NAME(multiply_adds)(int64_t rounds, float *sink) {
  FK_NAME(peak_vector) chain[FK_NAME(peak_chains)], a = {0}, b = {0};
  a += 0.9999f + *sink * 1e-30f;  // known only at run time
  b += 1e-4f;
  for (int i = 0; i < FK_NAME(peak_chains); i++) chain[i] = b * (float)(i + 1);
  for (int64_t r = 0; r < rounds; r++)
    for (int i = 0; i < FK_NAME(peak_chains); i++) chain[i] = chain[i] * a + b;
  for (int i = 1; i < FK_NAME(peak_chains); i++) chain[0] += chain[i];
  *sink = chain[0][0];
  return rounds * FK_NAME(peak_chains) * FK_NAME(peak_width) * 2;
}
