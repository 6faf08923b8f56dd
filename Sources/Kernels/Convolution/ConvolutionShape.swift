/// What lies beyond the border of an image.
package enum Border: String, Hashable, Sendable {
  case zeros
  /// Mirrored about the border pixel, which is not repeated.
  case reflect
}

/// The extents of one two-dimensional convolution (in fact a correlation, as in every framework):
///
///     T(image, filter, output) = sum image'[n, c, p + r, q + s] * filter[k, c, r, s] * output[n, k, p, q]
///
/// where image' is the image, repeated `upsampling` times along both axes (nearest neighbor) and then padded.
/// Its three partial derivatives, the slots, are the convolution and its two gradients.
///
/// With `groups` it is as many independent forms of these extents, one after the other in memory: image `[G N, C, H, W]`, filter
/// `[G K, C, R, S]`, output `[G N, K, P, Q]`. With 1x1 filters and a batch of 1 they are products of G pairs of matrices.
package struct ConvolutionShape: Hashable, Sendable {
  package var batch: Int
  /// Channels of the image, C.
  package var inputs: Int
  /// Channels of the output, K.
  package var outputs: Int
  /// Extent of the image `[N, C, H, W]`, before upsampling.
  package var height: Int
  package var width: Int
  /// Extent of the filter `[K, C, R, S]`.
  package var filterHeight: Int
  package var filterWidth: Int
  /// Pixels added on each side, after upsampling.
  package var padding = 0
  package var border = Border.zeros
  /// 1, or 2 for a nearest-neighbor upsampling in front.
  package var upsampling = 1
  /// Independent problems; the other extents are those of one.
  package var groups = 1

  package init(
    batch: Int, inputs: Int, outputs: Int, height: Int, width: Int, filterHeight: Int, filterWidth: Int, padding: Int = 0,
    border: Border = .zeros, upsampling: Int = 1, groups: Int = 1
  ) {
    self.batch = batch
    self.inputs = inputs
    self.outputs = outputs
    self.height = height
    self.width = width
    self.filterHeight = filterHeight
    self.filterWidth = filterWidth
    self.padding = padding
    self.border = border
    self.upsampling = upsampling
    self.groups = groups
  }

  package var outputHeight: Int { height * upsampling + 2 * padding - filterHeight + 1 }
  package var outputWidth: Int { width * upsampling + 2 * padding - filterWidth + 1 }
  /// Floats of the whole image, filter and output, all groups together.
  package var imageCount: Int { groups * batch * inputs * height * width }
  package var filterCount: Int { groups * outputs * inputs * filterHeight * filterWidth }
  package var outputCount: Int { groups * batch * outputs * outputHeight * outputWidth }
  /// One of the groups.
  package var oneGroup: ConvolutionShape {
    var shape = self
    shape.groups = 1
    return shape
  }
  /// Multiply-adds, counted as 2, of the definition without any algebra.
  package var flops: Double { 2 * Double(outputCount) * Double(inputs * filterHeight * filterWidth) }
}
