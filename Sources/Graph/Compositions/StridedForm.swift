/// How a convolution with a stride s becomes one without: the image as s x s phases of smaller images, its pixels (s y + i, s x + j), each
/// of which meets its own taps of the filter.
enum StridedForm {
  /// The image is padded before it is divided: as few taps as there can be, ceil(R / s) for each phase.
  case padded
  /// The image is divided as it is, and each phase has three taps with a border of 1, some of them zero: more products, but those that
  /// minimal filtering saves most of.
  case centered
}

/// A strided convolution along one axis.
struct StridedAxis {
  let stride: Int
  /// Phases that some tap reads.
  let phases: Int
  /// Taps of each phase, and where the filter begins among those of all phases.
  let taps: Int
  let front: Int
  /// The first pixel of the first phase, and pixels of each.
  let start: Int
  let length: Int
  /// Pixels of the border of each phase.
  let border: Int

  /// Nil where the form is not possible, or the filter larger than the padded image.
  init?(_ form: StridedForm, extent: Int, filter: Int, stride: Int, padding: Int) {
    guard extent + 2 * padding >= filter else { return nil }
    let output = (extent + 2 * padding - filter) / stride + 1
    self.stride = stride
    switch form {
    case .padded:
      phases = min(stride, filter)
      taps = (filter + stride - 1) / stride
      (front, start, length, border) = (0, -padding, output - 1 + taps, 0)
    case .centered:
      guard extent == stride * output, padding <= stride, stride - padding + filter <= 3 * stride else { return nil }
      (phases, taps, front, start, length, border) = (stride, 3, stride - padding, 0, output, 1)
    }
  }
}

/// A strided convolution along both axes.
struct StridedPlane {
  let y: StridedAxis
  let x: StridedAxis

  /// Divides the two inner axes of images into phases.
  private static let dividing = Permute(axes: [0, 1, 3, 5, 2, 4])

  /// - Parameters:
  ///   - form: nil for the one that is faster.
  ///   - image: `[N, C, H, W]`.
  ///   - filter: `[K, C, R, S]`.
  init?(_ form: StridedForm?, image: Shape, filter: Shape, stride: Int, padding: Int) {
    func axes(_ form: StridedForm) -> (y: StridedAxis, x: StridedAxis)? {
      guard let y = StridedAxis(form, extent: image[2], filter: filter[2], stride: stride, padding: padding),
        let x = StridedAxis(form, extent: image[3], filter: filter[3], stride: stride, padding: padding)
      else { return nil }
      return (y, x)
    }
    if form != .padded, let axes = axes(.centered), form == .centered || Self.isFaster(axes.y, axes.x, image, filter) {
      (y, x) = axes
    } else if form != .centered, let axes = axes(.padded) {
      (y, x) = axes
    } else {
      return nil
    }
  }

  /// Whether the form with three taps, which minimal filtering takes and where no image is padded, is faster: where channels fill a
  /// vector and the filter, with its zeros, is not much larger than the image (measured with filters of 3x3 and 4x4).
  private static func isFaster(_ y: StridedAxis, _ x: StridedAxis, _ image: Shape, _ filter: Shape) -> Bool {
    // Smaller filters have one tap in each phase.
    guard filter[2] > y.stride, filter[3] > x.stride, y.length % 4 == 0, x.length % 4 == 0 else { return false }
    let filterCount = filter[0] * filter[1] * y.taps * y.phases * x.taps * x.phases
    return filter[1] * y.phases * x.phases >= 16 && filterCount <= 2 * image.count
  }

  /// Phases of both axes that some tap reads.
  var phases: Int { y.phases * x.phases }

  /// Images `[N, C, H, W]` as their phases, `[N, C * phases, h, w]`.
  func divided(_ image: Tensor) throws(ShapeError) -> Tensor {
    let (batch, channels) = (image.shape[0], image.shape[1])
    return try image.window(axis: 2, start: y.start, extent: y.stride * y.length)
      .window(axis: 3, start: x.start, extent: x.stride * x.length)
      .reshaped([batch, channels, y.length, y.stride, x.length, x.stride]).apply(Self.dividing)
      .window(axis: 2, start: 0, extent: y.phases).window(axis: 3, start: 0, extent: x.phases)
      .reshaped([batch, channels * phases, y.length, x.length])
  }

  /// The transpose of ``divided(_:)``: images of `height` x `width` from the sums for their phases.
  func joined(_ image: Tensor, height: Int, width: Int) throws(ShapeError) -> Tensor {
    let (batch, channels) = (image.shape[0], image.shape[1] / phases)
    return try image.reshaped([batch, channels, y.phases, x.phases, y.length, x.length])
      .window(axis: 2, start: 0, extent: y.stride).window(axis: 3, start: 0, extent: x.stride).apply(Self.dividing.inverse)
      .reshaped([batch, channels, y.length * y.stride, x.length * x.stride])
      .window(axis: 2, start: -y.start, extent: height).window(axis: 3, start: -x.start, extent: width)
  }

  /// Filters `[K, C, R, S]` for the phases, `[K, C * phases, taps, taps]`.
  func divided(filter: Tensor) throws(ShapeError) -> Tensor {
    let (outputs, inputs) = (filter.shape[0], filter.shape[1])
    return try filter.window(axis: 2, start: -y.front, extent: y.taps * y.phases)
      .window(axis: 3, start: -x.front, extent: x.taps * x.phases)
      .reshaped([outputs, inputs, y.taps, y.phases, x.taps, x.phases]).apply(Self.dividing)
      .reshaped([outputs, inputs * phases, y.taps, x.taps])
  }
}
