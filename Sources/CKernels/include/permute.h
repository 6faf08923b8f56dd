#ifndef FK_PERMUTE_H
#define FK_PERMUTE_H

#include <stddef.h>
#include <stdint.h>

/// The axes of a permutation but the two that it works on at once.
#define FK_PERMUTE_AXES 8

/// A permutation as many matrices of `rows` x `columns`, of which a row is contiguous in the operand and a column in the result:
/// result[c * to_row + r] = operand[r * from_row + c]. With one column it copies: then a whole column is contiguous in both.
typedef struct {
  ptrdiff_t rows, columns, from_row, to_row;
  /// Rows that an item moves.
  ptrdiff_t block;
  /// How the matrices follow one another, outermost first.
  ptrdiff_t axes;
  ptrdiff_t extents[FK_PERMUTE_AXES], from_strides[FK_PERMUTE_AXES], to_strides[FK_PERMUTE_AXES];
} fk_permutation;

/// Moves the items `first..<last`: blocks of rows, then matrices.
void fk_permute(const fk_permutation *_Nonnull permutation, const float *_Nonnull from, float *_Nonnull to, ptrdiff_t first,
                ptrdiff_t last);

/// Blocks of `size` numbers from block `first` to before `last`, each rearranged alike: number i of a block is number index[i] of the old one.
void fk_permute_blocks(const int32_t *_Nonnull index, ptrdiff_t size, const float *_Nonnull from, float *_Nonnull to, ptrdiff_t first,
                       ptrdiff_t last);

/// y[o][i] = the largest of x[o][r][i] over `reduced` r, for the outer indices `first..<last` of rows of `inner` numbers. What is not a
/// number counts as minus infinity.
void fk_maximum(const float *_Nonnull x, float *_Nonnull y, ptrdiff_t reduced, ptrdiff_t inner, ptrdiff_t first, ptrdiff_t last);

#endif
