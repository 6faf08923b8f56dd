#include "CKernels.h"

typedef float fk_v16 __attribute__((vector_size(64), aligned(4)));

#define FK_BODY "tile_body.h"
#include "clones.h"

fk_tile_run *fk_tile(void) {
  switch (fk_cpu_level()) {
#if defined(__x86_64__)
    case 2: return fk_tile_run_v4;
    case 1: return fk_tile_run_v3;
#endif
    default: return fk_tile_run_default;
  }
}
