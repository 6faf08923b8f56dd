#include "CKernels.h"
#include "pick.h"

#define FK_BODY "adam_body.h"
#include "clones.h"

void fk_adam(float *weight, float *first, float *second, float *average, const float *gradient, ptrdiff_t n,
             fk_adam_settings settings) {
  FK_PICK(adam, weight, first, second, average, gradient, n, settings)
}
