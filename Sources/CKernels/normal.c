#include "CKernels.h"
#include "pick.h"

#define FK_BODY "normal_body.h"
#include "clones.h"

void fk_normals(float *out, ptrdiff_t blocks, uint64_t key, uint64_t counter) {
  FK_PICK(normals, out, blocks, key, counter)
}
