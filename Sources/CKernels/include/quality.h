#ifndef FK_QUALITY_H
#define FK_QUALITY_H

#include <stddef.h>
#include <stdint.h>

/// Descriptors that stand side by side in a panel.
#define FK_PATCH_PANEL 64

/// to[i] = from[i] * scale + offset, rounded to nearest (ties to even) and saturated to 0...255; what is no number becomes 0.
void fk_to_bytes(const float *_Nonnull from, ptrdiff_t n, float scale, float offset, uint8_t *_Nonnull to);

/// to[i] = from[i] + offset.
void fk_from_bytes(const uint8_t *_Nonnull from, ptrdiff_t n, float offset, float *_Nonnull to);

/// One step down of a Gaussian pyramid (Burt & Adelson 1983): [planes, side, side] to [planes, (side + 1) / 2, (side + 1) / 2], each
/// second pixel of the convolution with outer([1, 4, 6, 4, 1]) / 256, mirrored at the border without repeating it. `scratch` holds
/// side + 4 floats.
void fk_pyramid_down(const float *_Nonnull from, ptrdiff_t planes, ptrdiff_t side, float *_Nonnull to, float *_Nonnull scratch);

/// Takes from `level` [planes, 2 * side, 2 * side] the enlarged `small` [planes, side, side]: zeros between its pixels, convolved with
/// four times the same kernel, mirrored in the same way. `scratch` holds side + 2 floats.
void fk_pyramid_subtract(float *_Nonnull level, const float *_Nonnull small, ptrdiff_t planes, ptrdiff_t side,
                         float *_Nonnull scratch);

/// Writes the patches of `width` x `width` pixels of every plane around `count` centres (x, y) as the descriptors number first and
/// following: element k of descriptor q is panels[(q / 64) * dims * 64 + k * 64 + q % 64], k counting planes, rows, columns.
void fk_patches(const float *_Nonnull image, ptrdiff_t planes, ptrdiff_t side, ptrdiff_t width, const uint16_t *_Nonnull centers,
                ptrdiff_t count, float *_Nonnull panels, ptrdiff_t first);

/// For each of `groups` equal parts of the elements: the sum over a panel's descriptors, and the sum of squares.
void fk_patch_sums(const float *_Nonnull panel, ptrdiff_t dims, ptrdiff_t groups, double *_Nonnull sums);

/// to[d * stride + q] = offsets[d] + sum over k of weights[d * dims + k] * element k of descriptor q, for the descriptors of some panels.
void fk_project(const float *_Nonnull panels, ptrdiff_t count, ptrdiff_t dims, const float *_Nonnull weights,
                const float *_Nonnull offsets, ptrdiff_t directions, float *_Nonnull to, ptrdiff_t stride);

/// Sorts numbers, the smallest first; `scratch` holds as many. What is no number goes to the ends.
void fk_sort(float *_Nonnull values, float *_Nonnull scratch, ptrdiff_t n);

/// The sum of |a[i] - b[i]|.
double fk_absolute_difference(const float *_Nonnull a, const float *_Nonnull b, ptrdiff_t n);

/// The structural similarity of two planes [side, side] (Wang et al. 2004) at each place where the window, outer(window), fits: the
/// sums of ssim and of its contrast and structure part. The planes' pixels have had `shift` taken off. `scratch` holds 7 * side
/// floats.
void fk_similarity(const float *_Nonnull a, const float *_Nonnull b, ptrdiff_t side, const float *_Nonnull window, ptrdiff_t size,
                   float shift, float c1, float c2, float *_Nonnull scratch, double *_Nonnull sums);

/// The means of squares of 2 x 2 pixels: [planes, side, side] to [planes, side / 2, side / 2], side being even.
void fk_halve(const float *_Nonnull from, ptrdiff_t planes, ptrdiff_t side, float *_Nonnull to);

/// The smallest sum of squared differences between `image` and one of `others` [count, n], but for number `skip`; `nearest` is which,
/// the first of equals. n is at most 32768; without any others the sum is UINT32_MAX.
uint32_t fk_nearest(const uint8_t *_Nonnull image, const uint8_t *_Nonnull others, ptrdiff_t count, ptrdiff_t n, ptrdiff_t skip,
                    ptrdiff_t *_Nonnull nearest);

#endif
