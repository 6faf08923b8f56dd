#ifndef FK_ADAM_H
#define FK_ADAM_H

#include <stddef.h>

/// The settings of one step of Adam. `correction1` and `correction2` are 1 - beta^t; weights are multiplied by `kept` first, which is 1
/// but in AdamW.
typedef struct {
  float rate, beta1, beta2, epsilon, correction1, correction2, decay, kept;
} fk_adam_settings;

/// One step of Adam on `n` weights: Kingma & Ba 2015, algorithm 1, epsilon outside of the root. `first` may be NULL when beta1
/// is 0. `average`, if not NULL, becomes decay * average + (1 - decay) * weight.
void fk_adam(float *_Nonnull weight, float *_Nullable first, float *_Nonnull second, float *_Nullable average,
             const float *_Nonnull gradient, ptrdiff_t n, fk_adam_settings settings);

#endif
