#include "CKernels.h"
#include "pick.h"

#define FK_BODY "resample_body.h"
#include "clones.h"

void fk_upsample(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w) {
  FK_PICK(upsample, x, y, planes, h, w)
}

void fk_sum_pool(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w) {
  FK_PICK(sum_pool, x, y, planes, h, w)
}
