#include "CKernels.h"
#include "pick.h"

#define FK_BODY "rmsprop_body.h"
#include "clones.h"

void fk_rmsprop(float *weight, float *square, float *mean, float *velocity, float *average, const float *gradient, ptrdiff_t n,
                fk_rmsprop_settings settings) {
  FK_PICK(rmsprop, weight, square, mean, velocity, average, gradient, n, settings)
}
