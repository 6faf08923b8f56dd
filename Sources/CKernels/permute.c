#include "CKernels.h"

#include <string.h>

#include "pick.h"

typedef float fk_v16 __attribute__((vector_size(64), aligned(4)));
typedef float fk_v8 __attribute__((vector_size(32), aligned(4)));
typedef int32_t fk_i16 __attribute__((vector_size(64), aligned(4)));

#define FK_BODY "permute_body.h"
#include "clones.h"

void fk_permute(const fk_permutation *permutation, const float *from, float *to, ptrdiff_t first, ptrdiff_t last) {
  FK_PICK(permute, permutation, from, to, first, last)
}

void fk_permute_blocks(const int32_t *index, ptrdiff_t size, const float *from, float *to, ptrdiff_t first, ptrdiff_t last) {
  FK_PICK(permute_blocks, index, size, from, to, first, last)
}

void fk_maximum(const float *x, float *y, ptrdiff_t reduced, ptrdiff_t inner, ptrdiff_t first, ptrdiff_t last) {
  FK_PICK(maximum, x, y, reduced, inner, first, last)
}
