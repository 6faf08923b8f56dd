#ifndef FK_RESAMPLE_H
#define FK_RESAMPLE_H

#include <stddef.h>

/// `y` `[2h, 2w]` repeats each pixel of `x` `[h, w]` twice along both axes, for `planes` planes.
void fk_upsample(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w);
/// `y` `[h, w]` is the sum of each 2x2 block of `x` `[2h, 2w]`, for `planes` planes.
void fk_sum_pool(const float *restrict x, float *restrict y, ptrdiff_t planes, ptrdiff_t h, ptrdiff_t w);

#endif
