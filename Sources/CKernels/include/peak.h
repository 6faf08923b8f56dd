#ifndef FK_PEAK_H
#define FK_PEAK_H

#include <stdint.h>

/// Does `rounds` rounds of independent multiply-adds in registers and returns how many floating-point operations that were
/// (a multiply-add counts as two). `sink` receives a number so that the work cannot be left out.
int64_t fk_multiply_adds(int64_t rounds, float *_Nonnull sink);

#endif
