#include "CKernels.h"
#include "pick.h"

#define FK_BODY "sgd_body.h"
#include "clones.h"

void fk_sgd(float *weight, float *velocity, float *average, const float *gradient, ptrdiff_t n, fk_sgd_settings settings) {
  FK_PICK(sgd, weight, velocity, average, gradient, n, settings)
}
