#ifndef FK_AFFINE_H
#define FK_AFFINE_H

#include <stddef.h>

/// Samples `channels` planes of `height` x `width` at affine coordinates: the result at row i and column j is the operand at row
/// m[0] i + m[1] j + m[2] and column m[3] i + m[4] j + m[5], from the four nearest pixels. Beyond the border is 0, or with `mirrors` what a
/// mirror along the outermost pixels shows. With `transposed` it is the transpose of that. The same bits on every processor.
void fk_affine(const float *_Nonnull from, float *_Nonnull to, const float *_Nonnull m, ptrdiff_t channels, ptrdiff_t height,
               ptrdiff_t width, int mirrors, int transposed);

#endif
