#include "CKernels.h"

#include <string.h>

// 16 pixels; two registers with AVX2 and four without.
typedef float fk_v16 __attribute__((vector_size(64), aligned(4)));
typedef float fk_v8 __attribute__((vector_size(32), aligned(4)));
typedef float fk_v4 __attribute__((vector_size(16), aligned(4)));

#define FK_INLINE static inline __attribute__((always_inline))
#define FK_UNROLL _Pragma("clang loop unroll(full)")

#define FK_BODY "convolution_body.h"
#include "clones.h"

const fk_convolution_functions *fk_convolution(ptrdiff_t level) {
#if defined(__x86_64__)
  if (level >= 2) return &functions_v4;
  if (level == 1) return &functions_v3;
#endif
  (void)level;
  return &functions_default;
}
