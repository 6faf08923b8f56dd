#ifndef FK_CONVOLUTION_H
#define FK_CONVOLUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Strides and distances are in floats, here and below.

/// How the columns of one horizontal tap read a source row: to[i] = from[step * i + offset], and for step 2 also the
/// next one, where low <= i < high; 0 elsewhere; plus the pairs (i, j) of `extras`: to[i] += from[j].
typedef struct {
  ptrdiff_t low, high, offset, extra_first, extra_count;
} fk_run;

/// The taps of a convolution as reads of a source [batch, channels, source_height, source_width]: for each tap and
/// each pixel of a target plane [height, width], which source pixels are added up. Rows and columns are separate.
typedef struct {
  ptrdiff_t batch, channels, taps_y, taps_x, source_height, source_width, height, width, step;
  /// [taps_y * height + 1]: the source rows of tap row r and target row y are rows[row_starts[r * height + y]...].
  const int32_t *row_starts, *rows;
  /// [taps_x]
  const fk_run *runs;
  const int32_t *extras;
} fk_gather;

/// A piece of a row that some tap reads with additions of its own: for i < count, row[to + i] = row[from + i], or with
/// step 2 row[from + 2 * i] + row[from + 2 * i + 1]; then row[to + i] += source[j] for its pairs (i, j) of `extras`.
typedef struct {
  ptrdiff_t from, to, count, extra_first, extra_count;
} fk_patch;

/// Rows of a plane prepared for being read by taps: each the sum of some source rows, with a border on both sides and
/// with patches behind it. A row begins `lead` >= left floats after a multiple of `pitch`; its right border may lie in the
/// next row's lead.
typedef struct {
  ptrdiff_t source_height, source_width, rows, lead, left, right, pitch, patches, step;
  /// [rows + 1]: row i is the sum of the source rows row_indices[row_starts[i]...].
  const int32_t *row_starts, *row_indices;
  /// [left + right]: the source column of each border pixel, or -1 for 0.
  const int32_t *border;
  const fk_patch *patch;
  const int32_t *extras;
} fk_expansion;

/// `count` planes, each `plane` after the one before.
typedef struct {
  const float *at;
  ptrdiff_t plane, count;
} fk_planes;

/// Planes [count][rows] of several images, and the distances between images, planes and rows.
typedef struct {
  const float *at;
  ptrdiff_t image, plane, row, count;
} fk_images;

/// `channels` channels of gathered panels, each panel `panel` after the one before.
typedef struct {
  const float *at;
  ptrdiff_t panel, channels;
} fk_panels;

/// [panels][taps][blocks]: where each tap finds the vectors of each panel, of which the last one has `last_used`.
typedef struct {
  const int32_t *at;
  ptrdiff_t taps, panels, last_used;
} fk_reads;

/// [taps][stride]: where each tap finds the first pixel of each row.
typedef struct {
  const int32_t *at;
  ptrdiff_t taps, stride;
} fk_row_reads;

/// The filters of `outs` planes: distances between planes and between the channels that they add up.
typedef struct {
  const float *at;
  ptrdiff_t out, in, outs;
} fk_filter;

/// Planes, `plane` apart, that take vectors at `places`: [panels][blocks]; plus the same places of `add` unless null.
typedef struct {
  float *to;
  const float *add;
  const int32_t *places;
  ptrdiff_t plane;
} fk_writes;

/// The planes first..<first + outs of a result [batch, planes, height, width], plus the same places of `add` unless null.
typedef struct {
  float *to;
  const float *add;
  ptrdiff_t batch, planes, height, width, first, outs;
} fk_result;

/// A filter's gradient, plus the same places of `add` unless null: distances between planes and between channels.
typedef struct {
  float *to;
  const float *add;
  ptrdiff_t plane, channel;
} fk_gradient;

/// `count` partial sums, each `stride` after the one before.
typedef struct {
  const float *at;
  ptrdiff_t stride, count;
} fk_partials;

/// Rows and columns of an image.
typedef struct {
  ptrdiff_t height, width;
} fk_extent;

/// Pixels added above and below, and left and right, of an image: 0, mirrored (1) or its edge repeated (2).
typedef struct {
  ptrdiff_t y, x;
  int kind;
} fk_border;

/// The rows first..<end of [batch, height], all `width` wide.
typedef struct {
  ptrdiff_t height, width, first, end;
} fk_rows;

/// Distances between groups of rows, and between their rows.
typedef struct {
  ptrdiff_t group, row;
} fk_groups;

/// Where `multiply_winograd` writes the panels of a plane.
typedef struct {
  float *to;
  const float *add;
  /// Of an output: for each piece of 4, 8 or 16 pixels of a row the place of its first pixel. Of an image's gradient: the place of
  /// each whole image. Those below 0 are skipped. A panel, or a span of them, has `per_panel` of them.
  const int32_t *places;
  ptrdiff_t per_panel, piece;
  /// Of an image's gradient: a quarter of its rows, and whether its border mirrors. Otherwise 0.
  ptrdiff_t groups;
  bool reflect;
  /// Whether the sums hold the products of other channels.
  bool more;
  /// Panels that an image fills if they are smaller than it, otherwise 1.
  ptrdiff_t span;
  /// From one row to the next, from one plane to the next, and from one panel's sums to those of the next.
  ptrdiff_t row, plane, sums;
} fk_winograd_writes;

/// Values of tiles in the domain of F(4x4, 3x3), see convolution_tiles.h: 36 parts, in each vectors of 16 channels of every tile.
typedef struct {
  float *at;
  /// From one part to the next, and from 16 channels to the next; from tile to tile it is 16.
  ptrdiff_t part, vector;
} fk_tiles;

/// `count` <= 16 planes that take pixels, plus the same places of `add` unless null.
typedef struct {
  float *to;
  const float *add;
  ptrdiff_t plane, count;
} fk_tile_planes;

/// `rows` rows of tiles of an image's gradient from the row `y` on, and whether its border mirrors.
typedef struct {
  ptrdiff_t height, width, y, rows;
  bool reflect;
} fk_tile_band;

/// The convolution's inner loops for one processor level. A panel is 16 * blocks consecutive pixels of [batch, height,
/// width]; the last one of a problem is filled up with zeros. `soon` is memory worth fetching meanwhile: as many pixels of
/// each of its planes as there are in the panels at hand, or null. Operands of more than two words are passed by address.
typedef struct {
  /// Vectors of 16 pixels in a panel.
  ptrdiff_t blocks;
  /// to[channel][tap][panel] for channels from first_channel: the reads of one panel. `row` holds source_width floats.
  void (*gather)(const fk_gather *taps, const float *from, ptrdiff_t panel, ptrdiff_t first_channel, ptrdiff_t channels, float *to,
                 float *row);
  /// For each panel: to[m * plane + places[b]...] = sum over channel and tap of filter[m * out + channel * in + tap] *
  /// from[channel * plane + reads[tap][b]...] for its 16-pixel vectors b.
  void (*multiply)(const fk_planes *from, const fk_reads *reads, const fk_filter *filter, const fk_writes *writes,
                   const fk_planes *soon);
  /// Writes sums[m][panel].
  void (*store)(const float *sums, ptrdiff_t panel, const fk_result *result);
  /// to[k * plane + c * channel + t] = sum over pixels of plain[panel][k][.] * tapped[panel][c][t][.].
  void (*dot)(const fk_panels *plain, const fk_panels *tapped, ptrdiff_t taps, ptrdiff_t panels, const fk_gradient *gradient);
  /// to[i] = the sum of the partials, in their order, plus `add` unless null, for i < n.
  void (*combine)(const fk_partials *partials, ptrdiff_t n, const float *add, float *to);
  /// The filters first..<end of [count][3][3] behind a nearest upsampling by 2 as to[4][count][2][2]: output pixel (2i + a, 2j + b)
  /// adds up image pixels i - 1 + a, i + a and j - 1 + b, j + b with the filter of phase 2a + b.
  void (*fold)(const float *filter, ptrdiff_t count, ptrdiff_t first, ptrdiff_t end, float *to);
  /// Writes sums[4][m][panel], the phases `phase` apart, to a result twice as high and wide, for a panel's pixels from `pixel`
  /// to at most `end` of [batch, height, width].
  void (*store_phases)(const float *sums, ptrdiff_t phase, ptrdiff_t pixel, ptrdiff_t end, const fk_result *result);
  /// `multiply` with the filters of `fold` and `store_phases` for the panels from `pixel` on, reads:
  /// [4][panels][4 taps][blocks]; `sums` is scratch for [4][outs][panel].
  void (*multiply_phases)(const fk_planes *from, const fk_reads *reads, const float *folded, float *sums, ptrdiff_t pixel,
                          ptrdiff_t end, const fk_result *result, const fk_planes *soon);
  /// The transpose of `fold`: to[i][3][3] = sums of [4][count][2][2] plus `add` unless null, for first <= i < end.
  void (*unfold)(const float *phases, ptrdiff_t count, ptrdiff_t first, ptrdiff_t end, const float *add, float *to);
  /// The four phases of planes [count, 2 * height, 2 * width]: to[4][count][height][width], `to_phase` apart.
  void (*split)(const float *from, ptrdiff_t count, fk_extent extent, ptrdiff_t to_phase, float *to);
  /// At most 16 planes of one image with the channel last and a border: to[height + 2 * y][width + 2 * x][16]. Missing channels
  /// are 0.
  void (*interleave)(const fk_planes *from, fk_extent extent, const fk_border *border, float *to);
  /// Adds a border to contiguous planes: to[count][height + 2 * y][width + 2 * x].
  void (*pad)(const float *from, ptrdiff_t count, fk_extent extent, const fk_border *border, float *to);
  /// to[k][tap][16] (+)= the sum over rows and columns of plain[image][k][row][column] *
  /// last[image][row + r][column + s][16].
  void (*outer)(const fk_images *plain, const fk_images *last, const fk_rows *rows, ptrdiff_t taps_y, ptrdiff_t taps_x,
                bool accumulate, float *to);
  /// to[k * plane + lane * channel + tap] = the sum of the partials [k][tap][16], for lane < lanes; the taps in the opposite
  /// order if `flip`.
  void (*separate)(const fk_partials *partials, ptrdiff_t planes, ptrdiff_t taps, bool flip, ptrdiff_t lanes,
                   const fk_gradient *gradient);
  /// Prepares the rows of `planes` planes, each `to_plane` after the one before.
  void (*expand)(const fk_expansion *expansion, const float *from, ptrdiff_t planes, ptrdiff_t to_plane, float *to);
  /// to[p * to_plane + tap * to_tap + y * width...] = `width` floats at from[p * plane + reads[tap][y]], y < height.
  void (*assemble)(const fk_planes *from, const fk_row_reads *reads, fk_extent extent, ptrdiff_t to_plane,
                   ptrdiff_t to_tap, float *to);
  /// sums[k][channel][tap][16] (+)= the products over pixels of plain[k * plane + y * width + x] and
  /// from[channel * plane + reads[tap][y] + x], y < height; the lanes are to be added up by `total`.
  void (*dot_rows)(const fk_planes *plain, const fk_planes *from, const fk_row_reads *reads, fk_extent extent,
                   bool accumulate, float *sums);
  /// to[i] = the total of sums[i][16].
  void (*total)(const float *sums, ptrdiff_t count, float *to);
  /// `expand` with the first 6 * groups rows, each a row of the source or 0, in the transformed domain of F(4, 3), see
  /// convolution_winograd.h; widths are multiples of 16.
  void (*winograd_expand)(const fk_expansion *expansion, ptrdiff_t groups, const float *from, ptrdiff_t planes, ptrdiff_t to_plane,
                          float *to);
  /// Rows of n pixels in the transformed domain of F(4, 3): in each of `count` groups six rows of the image, or with `gradient`
  /// four of the output's gradient, become six. Fewer than 16 pixels, but for 4 and 8, are read and written as 16.
  void (*winograd_rows)(bool gradient, const float *from, fk_groups groups, ptrdiff_t count, ptrdiff_t n, float *to,
                        fk_groups to_groups);
  /// to[k * part + i * 3 + s], k < 6, from the i-th of filters[3][3]: `runs` runs of `count`, each `run` after the one
  /// before; with `flip` their rows in the opposite order.
  void (*winograd_filter)(const float *filter, ptrdiff_t run, ptrdiff_t runs, ptrdiff_t count, bool flip, ptrdiff_t part, float *to);
  /// to[plane][3][3][16] from the sum of the partials [6][plane][3][16], the six parts `part` apart.
  void (*winograd_filter_gradient)(const fk_partials *partials, ptrdiff_t part, ptrdiff_t planes, float *to);
  /// `multiply` with the filters [6][outs * channels][3] of `winograd_filter` and rows of `winograd_rows`, reads:
  /// [panels][6][3 taps][blocks]; `sums` is scratch for [6][outs][panel]. Without `writes.to` it only makes the sums.
  void (*multiply_winograd)(const fk_planes *from, const fk_reads *reads, const fk_filter *filter, float *sums,
                            const fk_winograd_writes *writes, const fk_planes *soon);
  /// Vectors of 16 result channels that `tiles_multiply` makes at a time.
  ptrdiff_t tile_vectors;
  /// A vector of channels of `extent.height` rows of tiles: from rows of the image with a border of 1 on all sides, or with `gradient`
  /// of the output's gradient without one, the channel last. `part` as in fk_tiles.
  void (*tiles_read)(bool gradient, const float *rows, fk_extent extent, float *to, ptrdiff_t part);
  /// to[36][channels][vectors][16] from the filters[3][3] of at most 16 * vectors planes; missing ones are 0.
  void (*tiles_filter)(const fk_filter *filter, ptrdiff_t channels, ptrdiff_t vectors, float *to, ptrdiff_t part);
  /// m[36][tiles][vectors][16] = the sum over channels of v and u, which is as `tiles_filter` makes it.
  void (*tiles_multiply)(const fk_tiles *v, ptrdiff_t tiles, ptrdiff_t channels, const float *u, ptrdiff_t u_part, ptrdiff_t vectors,
                         float *m, ptrdiff_t m_part);
  /// A vector of channels of `extent.height` rows of tiles, `step` floats a tile, as pixels of planes; `rows` is scratch for the pixels.
  void (*tiles_write)(const float *m, ptrdiff_t part, ptrdiff_t step, fk_extent extent, const fk_tile_planes *to, float *rows);
  /// The same for the image's gradient, whose tiles overlap: finishes the rows y - 2 to y + 4 * rows - 3, up to the end behind the last
  /// band. `rows` is scratch for 4 * rows + 3 rows of width + 2 vectors; `kept` has three of them for the next band.
  void (*tiles_add)(const float *m, ptrdiff_t part, ptrdiff_t step, const fk_tile_band *band, const fk_tile_planes *to, float *rows,
                    float *kept);
  /// sums[36][planes][channels] (+)= the sum over tiles of z and v; planes and channels are multiples of 16.
  void (*tiles_outer)(const fk_tiles *z, ptrdiff_t planes, const fk_tiles *v, ptrdiff_t channels, ptrdiff_t tiles, bool more,
                      float *sums, ptrdiff_t part);
  /// The filters of `lanes` channels from the sum of the partials [36][16].
  void (*tiles_filter_gradient)(const fk_partials *partials, ptrdiff_t part, ptrdiff_t lanes, const fk_gradient *gradient);
} fk_convolution_functions;

/// The functions for a level, see fk_cpu_level().
const fk_convolution_functions *fk_convolution(ptrdiff_t level);

#endif
