#include "CKernels.h"

#define FK_BODY "resample_body.h"
#include "clones.h"

#if defined(__x86_64__)
#define PICK(name, ...)                                  \
  switch (fk_cpu_level()) {                              \
    case 2: name##_v4(__VA_ARGS__); return;              \
    case 1: name##_v3(__VA_ARGS__); return;              \
    default: name##_default(__VA_ARGS__);                \
  }
#else
#define PICK(name, ...) name##_default(__VA_ARGS__);
#endif

void fk_upsample(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w) {
  PICK(upsample, x, y, planes, h, w)
}

void fk_sum_pool(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w) {
  PICK(sum_pool, x, y, planes, h, w)
}
