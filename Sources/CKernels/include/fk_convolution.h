#ifndef FK_CONVOLUTION_H
#define FK_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

/// How the columns of one horizontal tap read a source row: to[i] = from[step * i + offset], and for step 2 also the
/// next one, where low <= i < high; 0 elsewhere; plus the pairs (i, j) of `extras`: to[i] += from[j].
typedef struct {
  int32_t low, high, offset, extra_first, extra_count;
} fk_run;

/// The taps of a convolution as reads of a source [batch, channels, source_height, source_width]: for each tap and
/// each pixel of a target plane [height, width], which source pixels are added up. Rows and columns are separate.
typedef struct {
  int32_t batch, channels, taps_y, taps_x, source_height, source_width, height, width, step;
  /// [taps_y * height + 1]: the source rows of tap row r and target row y are rows[row_starts[r * height + y]...].
  const int32_t *row_starts, *rows;
  /// [taps_x]
  const fk_run *runs;
  const int32_t *extras;
} fk_gather;

/// A piece of a row that some tap reads with additions of its own: for i < count, row[to + i] = row[from + i], or with
/// step 2 row[from + 2 * i] + row[from + 2 * i + 1]; then row[to + i] += source[j] for its pairs (i, j) of `extras`.
typedef struct {
  int32_t from, to, count, extra_first, extra_count;
} fk_patch;

/// Rows of a plane prepared for being read by taps: each the sum of some source rows, with a border on both sides and
/// with patches behind it. A row begins `lead` >= left floats after a multiple of `pitch`; its right border may lie in the
/// next row's lead.
typedef struct {
  int32_t source_height, source_width, rows, lead, left, right, pitch, patches, step;
  /// [rows + 1]: row i is the sum of the source rows row_indices[row_starts[i]...].
  const int32_t *row_starts, *row_indices;
  /// [left + right]: the source column of each border pixel, or -1 for 0.
  const int32_t *border;
  const fk_patch *patch;
  const int32_t *extras;
} fk_expansion;

/// Memory that is worth fetching now: `planes` planes, `plane` floats apart, as many pixels of each as there are in the
/// panels at hand.
typedef struct {
  const float *from;
  ptrdiff_t plane;
  int32_t planes;
} fk_soon;

/// Where `multiply_winograd` writes the panels of a plane.
typedef struct {
  /// Of an output: for each piece of 4, 8 or 16 pixels of a row the place of its first pixel. Of an image's gradient: the place of
  /// each whole image. Those below 0 are skipped. A panel has `per_panel` of them.
  const int32_t *places;
  int32_t per_panel, piece;
  /// Of an image's gradient: a quarter of its rows, and whether its border mirrors. Otherwise 0.
  int32_t groups, reflect;
  /// Floats from one row to the next, from one plane to the next, and from one panel's sums to those of the next.
  ptrdiff_t row, plane, sums;
  /// Whether the sums hold the products of other channels.
  int32_t more;
} fk_winograd_places;

/// The convolution's inner loops for one processor level. A panel is 16 * blocks consecutive pixels of [batch, height,
/// width]; the last one of a problem is filled up with zeros.
typedef struct {
  /// Vectors of 16 pixels in a panel.
  int32_t blocks;
  /// to[channel][tap][panel] for channels from first_channel: the reads of one panel. `row` holds source_width floats.
  void (*gather)(const fk_gather *taps, const float *from, int panel, int first_channel, int channels, float *to, float *row);
  /// For each panel: to[m * plane + writes[b]...] = sum over channel and tap of w[m * w_out + channel * w_in + tap] *
  /// from[channel * stride + reads[tap][b]...], plus the same place of `add` unless null, for its 16-pixel vectors b, of
  /// which the last panel has `last_used`. reads: [panels][taps][blocks], writes: [panels][blocks]. Meanwhile it fetches
  /// what is needed next, see fk_soon.
  void (*multiply)(const float *from, ptrdiff_t stride, int channels, const int32_t *reads, int taps, int panels,
                   int last_used, const float *w, ptrdiff_t w_out, ptrdiff_t w_in, int outs, const float *add,
                   const int32_t *writes, ptrdiff_t plane, float *to, fk_soon soon);
  /// Writes sums[m][panel], plus `add` unless null, to [batch, planes, area] at planes first..<first + outs.
  void (*store)(const float *sums, int panel, int batch, int planes, int area, int first, int outs, const float *add, float *to);
  /// to[k * to_plain + c * to_channel + t] (+)= sum over pixels of plain[panel][k][.] * taps[panel][c][t][.].
  void (*dot)(const float *plain, ptrdiff_t plain_stride, int plains, const float *tapped, ptrdiff_t tapped_stride, int channels,
              int taps, int panels, ptrdiff_t to_plain, ptrdiff_t to_channel, int accumulate, float *to);
  /// to[i] = the sum of `count` partials, each `stride` apart, in their order, plus `add` unless null.
  void (*combine)(const float *partials, ptrdiff_t stride, int count, int n, const float *add, float *to);
  /// The filters first..<end of [count][3][3] behind a nearest upsampling by 2 as to[4][count][2][2]: output pixel (2i + a, 2j + b)
  /// adds up image pixels i - 1 + a, i + a and j - 1 + b, j + b with the filter of phase 2a + b.
  void (*fold)(const float *filter, int count, int first, int end, float *to);
  /// Writes sums[4][m][panel], the phases `phase` floats apart, plus `add` unless null, to [batch, planes, 2 * height,
  /// 2 * width] at planes first..<first + outs, for a panel's pixels from `pixel` to at most `end` of [batch, height, width].
  void (*store_phases)(const float *sums, ptrdiff_t phase, int pixel, int end, int planes, int height, int width, int first,
                       int outs, const float *add, float *to);
  /// `multiply` with the filters of `fold` and `store_phases` for the panels from `pixel` on, reads:
  /// [4][panels][4 taps][blocks]; `sums` is scratch for [4][outs][panel].
  void (*multiply_phases)(const float *from, ptrdiff_t stride, int channels, const int32_t *reads,
                          const int32_t *writes, int panels, int last_used, const float *folded, int outs, float *sums,
                          int pixel, int end, int height, int width, const float *add, float *to, fk_soon soon);
  /// The transpose of `fold`: to[i][3][3] = sums of [4][count][2][2] plus `add` unless null, for first <= i < end.
  void (*unfold)(const float *phases, int count, int first, int end, const float *add, float *to);
  /// The four phases of planes [count, 2 * height, 2 * width]: to[4][count][height][width], `to_phase` floats apart.
  void (*split)(const float *from, int count, int height, int width, ptrdiff_t to_phase, float *to);
  /// One image's planes [count <= 16, height, width], `plane` floats apart, with the channel last and a border on each side:
  /// to[height + 2 * pad_y][width + 2 * pad_x][16]. The border is 0, mirrors the image (1) or repeats its edge (2); missing
  /// channels are 0.
  void (*interleave)(const float *from, ptrdiff_t plane, int count, int height, int width, int pad_y, int pad_x, int border, float *to);
  /// Adds a border to `count` planes, as above: to[count][height + 2 * pad][width + 2 * pad].
  void (*pad)(const float *from, int count, int height, int width, int pad_y, int pad_x, int border, float *to);
  /// to[k][tap][16] (+)= the sum over the rows first..<end of [batch, height] and all columns of
  /// plain[image][k][row][column] * last[image][row + r][column + s][16]. Strides between images (`_image`), planes
  /// (`_plane`) and rows (`_row`) are in floats.
  void (*outer)(const float *plain, ptrdiff_t plain_image, ptrdiff_t plain_plane, ptrdiff_t plain_row, int planes,
                const float *last, ptrdiff_t last_image, ptrdiff_t last_row, int height, int width, int first, int end,
                int taps_y, int taps_x, int accumulate, float *to);
  /// to[k * to_plane + lane * to_lane + tap] = the sum of `count` partials [k][tap][16], each `stride` apart, plus the same
  /// place of `add` unless null, for lane < lanes; the taps in the opposite order if `flip`.
  void (*separate)(const float *partials, ptrdiff_t stride, int count, int planes, int taps, int flip, int lanes,
                   ptrdiff_t to_plane, ptrdiff_t to_lane, const float *add, float *to);
  /// Prepares the rows of `planes` planes, each `to_plane` floats after the one before.
  void (*expand)(const fk_expansion *expansion, const float *from, int planes, ptrdiff_t to_plane, float *to);
  /// to[p * to_plane + tap * to_tap + y * width...] = `width` floats at from[p * plane + reads[tap * read_rows + y]], y < rows.
  void (*assemble)(const float *from, ptrdiff_t plane, int planes, const int32_t *reads, int read_rows, int taps, int rows,
                   int width, ptrdiff_t to_plane, ptrdiff_t to_tap, float *to);
  /// sums[k][channel][tap][16] (+)= the products over pixels of plain[k * plain_plane + y * width + x] and
  /// from[channel * stride + reads[tap * read_rows + y] + x], y < rows; the lanes are to be added up by `total`.
  void (*dot_rows)(const float *plain, ptrdiff_t plain_plane, int planes, const float *from, ptrdiff_t stride, int channels,
                   const int32_t *reads, int read_rows, int taps, int rows, int width, int accumulate, float *sums);
  /// to[i] = the total of sums[i][16].
  void (*total)(const float *sums, int count, float *to);
  /// `expand` with the first 6 * groups rows, each a row of the source or 0, in the transformed domain of F(4, 3), see
  /// convolution_winograd.h; widths are multiples of 16.
  void (*winograd_expand)(const fk_expansion *expansion, int groups, const float *from, int planes, ptrdiff_t to_plane, float *to);
  /// Rows of n pixels in the transformed domain of F(4, 3): in each group six rows of the image, or
  /// with `gradient` four of the output's gradient, become six. Fewer than 16 pixels, but for 4 and 8, are read
  /// and written as 16.
  void (*winograd_rows)(int gradient, const float *from, ptrdiff_t group, ptrdiff_t row, int groups, int n, float *to,
                        ptrdiff_t to_group, ptrdiff_t to_row);
  /// to[k * part + i * 3 + s], k < 6, from the i-th of filters[3][3]: `runs` runs of `count`, each `run` floats after the one
  /// before; with `flip` their rows in the opposite order.
  void (*winograd_filter)(const float *filter, ptrdiff_t run, int runs, int count, int flip, ptrdiff_t part, float *to);
  /// to[plane][3][3][16] from the sum of `count` partials [6][plane][3][16], each `stride` apart, the six parts `part` apart.
  void (*winograd_filter_gradient)(const float *partials, ptrdiff_t part, ptrdiff_t stride, int count, int planes, float *to);
  /// `multiply` with the filters [6][outs * channels][3] of `winograd_filter` and rows of `winograd_rows`, reads:
  /// [panels][6][3 taps][blocks], writes: [blocks], of one panel; `sums` is scratch for [6][outs][panel]. Without
  /// `to` it only makes the sums.
  void (*multiply_winograd)(const float *from, ptrdiff_t stride, int channels, const int32_t *reads, const int32_t *writes,
                            int panels, int last_used, const float *filter, ptrdiff_t w_out, ptrdiff_t w_in, int outs, float *sums,
                            fk_winograd_places place, const float *add, float *to, fk_soon soon);
} fk_convolution_functions;

/// The functions for a level, see fk_cpu_level().
const fk_convolution_functions *fk_convolution(int level);

#endif
