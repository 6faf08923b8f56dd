#include "CKernels.h"
#include "pick.h"

#define FK_BODY "peak_body.h"
#include "clones.h"

int64_t fk_multiply_adds(int64_t rounds, float *sink) { FK_PICK(multiply_adds, rounds, sink) }
