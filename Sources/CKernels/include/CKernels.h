#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "adam.h"
#include "affine.h"
#include "normal.h"
#include "peak.h"
#include "permute.h"
#include "quality.h"
#include "rmsprop.h"
#include "sgd.h"
#include "team.h"
#include "tile.h"

/// What the processor can do: 0 nothing beyond its baseline, 1 x86-64-v3 (AVX2, FMA), 2 x86-64-v4 (AVX-512).
/// The environment variable FADEIN_CPU (default, v3) lowers it.
ptrdiff_t fk_cpu_level(void);
/// The processors that this process may run on.
ptrdiff_t fk_processor_count(void);
/// Seconds that these processors were idle, all added up, since the machine started; negative if the system does not say.
double fk_idle_seconds(void);

#include "fk_convolution.h"

#endif
