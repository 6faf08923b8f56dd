import Kernels
import Testing

/// The shapes on which the convolution is checked.
enum ConvolutionCases {
  static let all = odd + regular + upsampled + wide + special + minimal + tiles + grouped

  /// Small shapes with unequal prime extents.
  static let odd: [ConvolutionShape] = {
    var shapes: [ConvolutionShape] = []
    let filters = [(1, 1), (2, 3), (3, 3), (4, 4), (5, 5)]
    let batches = [1, 2, 3, 5], channels = [1, 2, 3, 5, 7, 11, 13, 17], sides = [(5, 7), (7, 5), (11, 13), (5, 19), (17, 3)]
    var index = 0
    for (r, s) in filters {
      for padding in 0...2 {
        for border in [Border.zeros, .reflect] {
          for upsampling in [1, 2] {
            let (height, width) = sides[index % sides.count]
            let shape = ConvolutionShape(
              batch: batches[index % 4], inputs: channels[index * 3 % 8], outputs: channels[(index * 5 + 2) % 8], height: height,
              width: width, filterHeight: r, filterWidth: s, padding: padding, border: border, upsampling: upsampling)
            index += 1
            if shape.outputHeight > 0 && shape.outputWidth > 0 { shapes.append(shape) }
          }
        }
      }
    }
    return shapes
  }()

  /// 3x3 filters with a border of 1 on sides and channels that reach every fast path and its remainders.
  static let regular: [ConvolutionShape] = {
    var shapes: [ConvolutionShape] = []
    let channels = [(3, 4), (4, 3), (4, 8), (5, 12), (8, 8), (8, 5), (12, 17), (16, 16), (17, 8), (16, 33), (48, 32)]
    let sides = [(4, 4), (8, 8), (16, 16), (10, 16), (7, 32), (9, 48), (5, 64), (6, 40), (3, 160)]
    for (index, (inputs, outputs)) in channels.enumerated() {
      for (height, width) in [sides[index % 9], sides[(index + 3) % 9], sides[(index + 5) % 9]] {
        for border in [Border.zeros, .reflect] {
          shapes.append(
            ConvolutionShape(
              batch: 1 + index % 3, inputs: inputs, outputs: outputs, height: height, width: width, filterHeight: 3, filterWidth: 3,
              padding: 1, border: border, upsampling: border == .reflect && (index + height) % 2 == 0 ? 2 : 1))
        }
      }
    }
    return shapes
  }()

  /// 3x3 filters that minimal filtering takes, with few and many groups of rows, panels and channels.
  static let minimal: [ConvolutionShape] = {
    let extents = [
      (17, 13, 4, 4), (8, 31, 8, 8), (70, 9, 16, 16), (9, 70, 8, 32), (11, 8, 12, 48), (13, 19, 4, 64), (8, 8, 20, 16),
      (16, 24, 8, 4),
      (23, 16, 4, 8), (8, 12, 16, 8), (12, 8, 4, 16), (33, 17, 8, 80), (17, 19, 8, 32),
    ]
    return extents.enumerated().flatMap { index, extent in
      [Border.zeros, .reflect].map { border in
        ConvolutionShape(
          batch: 1 + (index * 7 + (border == .zeros ? 0 : 4)) % 19, inputs: extent.0, outputs: extent.1, height: extent.2,
          width: extent.3, filterHeight: 3, filterWidth: 3, padding: 1, border: border)
      }
    }
  }()

  /// 3x3 filters that tiles take: one band and several, small images of many channels, channels and widths that vectors do not divide.
  static let tiles: [ConvolutionShape] = {
    let extents = [
      (16, 16, 4, 4), (17, 33, 4, 12), (64, 40, 8, 8), (40, 64, 12, 20), (33, 48, 24, 28), (80, 16, 16, 32), (130, 20, 4, 8),
      (16, 211, 8, 4), (19, 31, 52, 4), (96, 96, 12, 12), (23, 17, 8, 132),
    ]
    return extents.enumerated().flatMap { index, extent in
      [Border.zeros, .reflect].map { border in
        ConvolutionShape(
          batch: 1 + (index * 5 + (border == .zeros ? 0 : 3)) % 7, inputs: extent.0, outputs: extent.1, height: extent.2,
          width: extent.3, filterHeight: 3, filterWidth: 3, padding: 1, border: border)
      }
    }
  }()

  /// Groups of problems by every algorithm, products of matrices among them.
  static let grouped: [ConvolutionShape] = {
    let regular = [
      (5, 3, 7, 5, 7, 1), (3, 17, 16, 8, 8, 1), (2, 20, 33, 4, 12, 1), (3, 5, 3, 6, 16, 1), (2, 16, 5, 4, 16, 2),
      (3, 1, 1, 9, 20, 1),
    ]
    let shapes = regular.enumerated().map { index, extent in
      ConvolutionShape(
        batch: 1 + index % 3, inputs: extent.1, outputs: extent.2, height: extent.3, width: extent.4, filterHeight: 3,
        filterWidth: 3, padding: 1, border: index % 2 == 0 ? .zeros : .reflect, upsampling: extent.5, groups: extent.0)
    }
    let matrices = [
      (7, 5, 11, 13), (70, 3, 2, 1), (3, 17, 19, 64), (2, 64, 7, 80), (5, 1, 1, 3), (4, 300, 16, 16), (3, 272, 5, 67),
      (2, 528, 300, 33), (130, 16, 16, 1),
    ]
    return shapes
      + matrices.map {
        ConvolutionShape(
          batch: 1, inputs: $0.1, outputs: $0.2, height: 1, width: $0.3, filterHeight: 1, filterWidth: 1, groups: $0.0)
      } + [ConvolutionShape(batch: 3, inputs: 16, outputs: 7, height: 4, width: 4, filterHeight: 4, filterWidth: 4, groups: 3)]
  }()

  /// Upsampled images of all widths, and channels beyond one block.
  static let upsampled: [ConvolutionShape] = {
    let extents = [
      (16, 5, 4, 4), (33, 17, 8, 8), (16, 8, 5, 16), (3, 4, 6, 16), (5, 7, 3, 48), (70, 3, 2, 16), (4, 3, 3, 5), (14, 2, 3, 21),
    ]
    return extents.flatMap { inputs, outputs, height, width in
      [Border.zeros, .reflect].map { border in
        ConvolutionShape(
          batch: 3, inputs: inputs, outputs: outputs, height: height, width: width, filterHeight: 3, filterWidth: 3, padding: 1,
          border: border, upsampling: 2)
      }
    }
  }()

  /// Wide images with many channels or with widths that vectors do not divide.
  static let wide: [ConvolutionShape] = [
    (70, 4, 3, 16), (3, 70, 6, 16), (70, 4, 2, 20), (5, 7, 6, 21), (17, 3, 4, 31), (2, 6, 3, 83),
  ]
  .map { inputs, outputs, height, width in
    ConvolutionShape(
      batch: 2, inputs: inputs, outputs: outputs, height: height, width: width, filterHeight: 3, filterWidth: 3, padding: 1,
      border: .reflect)
  }

  /// The other shapes of the networks: 1x1 filters and filters as large as the image.
  static let special: [ConvolutionShape] = [
    ConvolutionShape(batch: 3, inputs: 40, outputs: 33, height: 4, width: 4, filterHeight: 4, filterWidth: 4),
    ConvolutionShape(batch: 9, inputs: 16, outputs: 16, height: 4, width: 4, filterHeight: 4, filterWidth: 4),
    ConvolutionShape(batch: 8, inputs: 512, outputs: 1, height: 1, width: 1, filterHeight: 1, filterWidth: 1),
    ConvolutionShape(batch: 2, inputs: 3, outputs: 8, height: 32, width: 32, filterHeight: 1, filterWidth: 1),
    ConvolutionShape(batch: 2, inputs: 8, outputs: 3, height: 16, width: 48, filterHeight: 1, filterWidth: 1),
    ConvolutionShape(batch: 2, inputs: 3, outputs: 64, height: 16, width: 16, filterHeight: 1, filterWidth: 1),
    ConvolutionShape(batch: 2, inputs: 4, outputs: 3, height: 9, width: 11, filterHeight: 1, filterWidth: 1),
  ]
}

extension ConvolutionShape: CustomTestStringConvertible {
  package var testDescription: String {
    "\(batch)x\(inputs)->\(outputs) @\(height)x\(width) *\(filterHeight)x\(filterWidth) pad \(padding) \(border) up \(upsampling)"
      + (groups > 1 ? " groups \(groups)" : "")
  }
}
