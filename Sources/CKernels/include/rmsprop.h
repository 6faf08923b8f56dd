#ifndef FK_RMSPROP_H
#define FK_RMSPROP_H

#include <stddef.h>

/// The settings of one step of RMSprop. `keep` is what stays of the means, `decay` of the average.
typedef struct {
  float rate, keep, epsilon, momentum, decay;
} fk_rmsprop_settings;

/// One step of RMSprop on `n` weights: square = keep * square + (1 - keep) * gradient^2, and the weight falls by rate * gradient / (root +
/// epsilon), the root that of the square, or of the square less that of the mean gradient where `mean` is not NULL. With `velocity`, which
/// is NULL when the momentum is 0, it falls by rate * velocity, velocity = momentum * velocity + gradient / (root + epsilon). `average`, if
/// not NULL, becomes decay * average + (1 - decay) * weight.
void fk_rmsprop(float *_Nonnull weight, float *_Nonnull square, float *_Nullable mean, float *_Nullable velocity,
                float *_Nullable average, const float *_Nonnull gradient, ptrdiff_t n, fk_rmsprop_settings settings);

#endif
