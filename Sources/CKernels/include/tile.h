#ifndef FK_TILE_H
#define FK_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The instructions of a tile program. Rows hold one number per pixel of a tile, scalars one number.
enum fk_tile_op {
  // dst row <- rows or scalars
  FK_ADD_RR, FK_ADD_RS, FK_SUB_RR, FK_SUB_RS, FK_SUB_SR, FK_MUL_RR, FK_MUL_RS,
  FK_SCALE_R, FK_OFFSET_R, FK_SQRT_R, FK_RECIPROCAL_R, FK_SIGMOID_R, FK_TANH_R, FK_LEAKY_R, FK_SLOPE_R,
  FK_EXPONENTIAL_R, FK_LOGARITHM_R, FK_SOFTPLUS_R,
  FK_COPY_R, FK_SPLAT_S, FK_ZERO_R,
  // dst row <- two functions at once: a * b + c, c - a * b, value * a + b, leaky(a * b), slope(b) * a
  FK_MULTIPLY_ADD, FK_MULTIPLY_SUBTRACT, FK_SCALE_ADD_RR, FK_SCALE_ADD_RS, FK_MULTIPLY_LEAKY, FK_MULTIPLY_SLOPE,
  // accumulator row += row, or += product of two rows
  FK_ACCUMULATE_R, FK_ACCUMULATE_RR,
  // dst scalar <- scalars
  FK_ADD_SS, FK_SUB_SS, FK_MUL_SS, FK_SCALE_S, FK_OFFSET_S, FK_SQRT_S, FK_RECIPROCAL_S, FK_SIGMOID_S, FK_TANH_S,
  FK_LEAKY_S, FK_SLOPE_S, FK_EXPONENTIAL_S, FK_LOGARITHM_S, FK_SOFTPLUS_S, FK_SET_S,
  // memory; a load of a row with b = 1 also fetches the row that comes next
  FK_LOAD_R, FK_LOAD_S, FK_BIND_R,
  // dst row <- operand a of half the sides, each pixel twice along both; result dst of half the sides <- sums of 2x2 of row a
  FK_UPSAMPLE_R, FK_POOL_R,
  // closing sums: sum number `dst` += sum of a row, of a product of two rows, of a scalar over the tile's pixels
  FK_SUM_R, FK_SUM_RR, FK_SUM_S
};

typedef struct {
  uint8_t op, dst, a, b, c;
  float value;
} fk_tile_instruction;

/// Where an operand or result lies in a space [A, B, P]: strides in floats, 0 where it does not vary.
typedef struct {
  ptrdiff_t stride_a, stride_b;
} fk_tile_view;

/// Instructions that run once for a tile, or once for each of its B rows.
typedef struct {
  ptrdiff_t first, count;
  bool per_row;
} fk_tile_block;

/// A program over a space [A, B, P] whose tiles are [B, at most `length` of P] of one a.
typedef struct {
  const fk_tile_instruction *_Nonnull instructions;
  const fk_tile_block *_Nonnull blocks;
  const fk_tile_view *_Nonnull inputs, *_Nonnull outputs;
  const bool *_Nonnull sum_varies;  // per closing sum: whether it is kept for each of the B rows
  const int32_t *_Nonnull sum_offsets;  // per closing sum: its first partial sum
  ptrdiff_t block_count, row_count;
  ptrdiff_t rows, length;
  ptrdiff_t stride;  // floats from one row of scratch to the next
  ptrdiff_t width;  // pixels of an image's row where the program pools or upsamples; length is then a multiple of two rows
} fk_tile_program;

/// Runs the pixels `first..<last` of one a. `scratch` holds row_count * stride floats; `partials`, one for each closing sum or for each of its rows, is
/// added to.
typedef void fk_tile_run(const fk_tile_program *_Nonnull program, float *_Nonnull const *_Nonnull inputs,
                         float *_Nonnull const *_Nonnull outputs, ptrdiff_t a, ptrdiff_t first, ptrdiff_t last,
                         float *_Nonnull scratch, float *_Nonnull partials);
/// The clone for this processor.
fk_tile_run *_Nonnull fk_tile(void);

#endif
