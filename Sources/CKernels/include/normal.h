#ifndef FK_NORMAL_H
#define FK_NORMAL_H

#include <stddef.h>
#include <stdint.h>

/// 4 * blocks standard normal numbers: Philox4x32-10 on the counters `counter`, `counter` + 1 ... under `key`, each block of four
/// 32-bit words turned into two pairs by Box and Muller's transform (1958). The same bits on every processor level.
void fk_normals(float *_Nonnull out, ptrdiff_t blocks, uint64_t key, uint64_t counter);

#endif
