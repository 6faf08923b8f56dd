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

/// The convolution's inner loops for one processor level. A panel is `panel` consecutive pixels of [batch, height,
/// width]; the last one of a problem is filled up with zeros.
typedef struct {
  int32_t panel;
  /// to[channel][tap][panel] for channels from first_channel: the reads of one panel. `row` holds source_width floats.
  void (*gather)(const fk_gather *taps, const float *from, int panel, int first_channel, int channels, float *to, float *row);
  /// sums[m][panel] (+)= sum over channel and tap of w[m * w_out + channel * w_in + tap] * from[channel][tap][panel].
  void (*multiply)(const float *from, int channels, int taps, int pixels, const float *w, ptrdiff_t w_out, ptrdiff_t w_in,
                   int outs, float *sums);
  /// Writes sums[m][panel], plus `add` unless null, to [batch, planes, area] at planes first..<first + outs.
  void (*store)(const float *sums, int panel, int batch, int planes, int area, int first, int outs, const float *add, float *to);
  /// to[k * to_plain + c * to_channel + t] (+)= sum over pixels of plain[panel][k][.] * taps[panel][c][t][.].
  void (*dot)(const float *plain, ptrdiff_t plain_stride, int plains, const float *tapped, ptrdiff_t tapped_stride, int channels,
              int taps, int panels, ptrdiff_t to_plain, ptrdiff_t to_channel, int accumulate, float *to);
  /// to[i] = the sum of `count` partials, each `stride` apart, in their order, plus `add` unless null.
  void (*combine)(const float *partials, ptrdiff_t stride, int count, int n, const float *add, float *to);
} fk_convolution_functions;

/// The functions for a level, see fk_cpu_level().
const fk_convolution_functions *fk_convolution(int level);

#endif
