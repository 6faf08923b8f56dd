#ifndef FK_SGD_H
#define FK_SGD_H

#include <stddef.h>

/// The settings of one step of gradient descent. `nesterov` is 0 or 1.
typedef struct {
  float rate, momentum;
  int nesterov;
  float decay;
} fk_sgd_settings;

/// One step of gradient descent on `n` weights: velocity = momentum * velocity + gradient, and the weight falls by rate * velocity, or in
/// Nesterov's form by rate * (gradient + momentum * velocity). `velocity` is NULL when the momentum is 0. `average`, if not NULL, becomes
/// decay * average + (1 - decay) * weight.
void fk_sgd(float *_Nonnull weight, float *_Nullable velocity, float *_Nullable average, const float *_Nonnull gradient, ptrdiff_t n,
            fk_sgd_settings settings);

#endif
