// The convolution's inner loops, compiled once for each processor level (see clones.h).

// Register tiles in vectors of 16, of which AVX-512 has 32, AVX2 8 (as 16 halves) and SSE2 4 (as 16 quarters):
// FK_ROWS x FK_BLOCKS outputs by pixels, FK_SIDE squared and FK_DOT_PLANES x FK_DOT_COLUMNS dot products,
// FK_OUTER x FK_TAPS outer products.
#if FK_LEVEL == 2
#define FK_BLOCKS 4
#define FK_ROWS 6
#define FK_SIDE 5
#define FK_OUTER 8
#define FK_TAPS 3
#define FK_DOT_PLANES 4
#define FK_DOT_COLUMNS 6
#elif FK_LEVEL == 1
#define FK_BLOCKS 1
#define FK_ROWS 6
#define FK_SIDE 2
#define FK_OUTER 6
#define FK_TAPS 1
#define FK_DOT_PLANES 2
#define FK_DOT_COLUMNS 2
#else
#define FK_BLOCKS 1
#define FK_ROWS 2
#define FK_SIDE 1
#define FK_OUTER 2
#define FK_TAPS 1
#define FK_DOT_PLANES 1
#define FK_DOT_COLUMNS 1
#endif
#define FK_PANEL (16 * FK_BLOCKS)

#include "convolution_reads.h"
#include "convolution_products.h"
#include "convolution_phases.h"
#include "convolution_winograd.h"
#include "convolution_dots.h"
#include "convolution_outer.h"
#include "convolution_tiles.h"

static const fk_convolution_functions FK_NAME(functions) = {
    .blocks = FK_BLOCKS,
    .gather = FK_NAME(gather),
    .multiply = FK_NAME(multiply),
    .store = FK_NAME(store),
    .dot = FK_NAME(dot),
    .combine = FK_NAME(combine),
    .fold = FK_NAME(fold),
    .store_phases = FK_NAME(store_phases),
    .multiply_phases = FK_NAME(multiply_phases),
    .unfold = FK_NAME(unfold),
    .split = FK_NAME(split),
    .interleave = FK_NAME(interleave),
    .pad = FK_NAME(pad),
    .outer = FK_NAME(outer),
    .separate = FK_NAME(separate),
    .expand = FK_NAME(expand),
    .assemble = FK_NAME(assemble),
    .dot_rows = FK_NAME(dot_rows),
    .total = FK_NAME(total),
    .winograd_expand = FK_NAME(winograd_expand),
    .winograd_rows = FK_NAME(winograd_rows),
    .winograd_filter = FK_NAME(winograd_filter),
    .winograd_filter_gradient = FK_NAME(winograd_filter_gradient),
    .multiply_winograd = FK_NAME(multiply_winograd),
    .tile_vectors = FK_TILES_VECTORS,
    .tiles_read = FK_NAME(tiles_read),
    .tiles_filter = FK_NAME(tiles_filter),
    .tiles_multiply = FK_NAME(tiles_multiply),
    .tiles_write = FK_NAME(tiles_write),
    .tiles_add = FK_NAME(tiles_add),
    .tiles_outer = FK_NAME(tiles_outer),
    .tiles_filter_gradient = FK_NAME(tiles_filter_gradient),
};

#undef FK_BLOCKS
#undef FK_ROWS
#undef FK_SIDE
#undef FK_OUTER
#undef FK_TAPS
#undef FK_DOT_PLANES
#undef FK_DOT_COLUMNS
#undef FK_PANEL
#undef FK_TILES_ONE
#undef FK_TILES_TWO
#undef FK_TILES_OUTER_ONE
#undef FK_TILES_OUTER_TWO
#undef FK_TILES_VECTORS
#undef FK_TILES_CHUNK
