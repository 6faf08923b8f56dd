import Basics
import Foundation
import Graph
import Kernels
import Spec

/// The random numbers of one part of ``DiscriminatorAugmentation``, for one image.
struct AugmentDraw: ImageDraw {
  enum Part: Hashable {
    /// Six numbers, those of ``AffineSample``.
    case geometry(GeometryRanges)
    /// A matrix of 3 rows and 4 columns, the last of which is added.
    case color(brightness: Double, saturation: Double, hue: Double)
    /// A factor.
    case contrast(Double)
    /// Noise for every number of an image.
    case noise(Double)
    /// 0 in a square of this many pixels a side, 1 elsewhere.
    case cutout(side: Int)
  }

  let part: Part
  /// The side of images in pixels.
  let side: Int

  func blocks(_ count: Int) -> Int {
    switch part {
    case .geometry: 9
    case .color: 6
    case .contrast: 2
    case .noise: 2 + (count + 3) / 4
    case .cutout: 3
    }
  }

  func draw(_ stream: inout RandomStream, probability: Double, _ values: UnsafeMutableBufferPointer<Float>) {
    // As many blocks whether something is chosen or not.
    func uniform(_ range: Double) -> Double {
      let isChosen = stream.uniform() < probability
      let value = stream.uniform(in: -range...range)
      return isChosen ? value : 0
    }
    func normal() -> Double {
      let isChosen = stream.uniform() < probability
      let value = Double(stream.normals(1)[0])
      return isChosen ? value : 0
    }
    switch part {
    case .geometry(let ranges):
      var geometry = Geometry()
      let (flips, isMirrored) = (stream.uniform() < probability, stream.below(2) == 1)
      geometry.isMirrored = ranges.flips && flips && isMirrored
      let isShifted = stream.uniform() < probability
      let shift = (stream.below(2 * ranges.shift + 1) - ranges.shift, stream.below(2 * ranges.shift + 1) - ranges.shift)
      if isShifted { geometry.shift = shift }
      geometry.scale = exp2(ranges.scale * normal())
      geometry.degrees = uniform(ranges.degrees)
      for (index, number) in geometry.coordinates(side: side).enumerated() { values[index] = Float(number) }
    case .color(let brightness, let saturation, let hue):
      let colors = Colors(brightness: 2 * uniform(brightness), saturation: 1 + uniform(saturation), degrees: uniform(hue))
      for (index, number) in colors.matrix.enumerated() { values[index] = Float(number) }
    case .contrast(let range): values[0] = Float(1 + uniform(range))
    case .noise(let deviation):
      let factor = Float(2 * deviation * abs(normal()))
      stream.fill(values)
      for index in values.indices { values[index] *= factor }
    case .cutout(let hole):
      let isChosen = stream.uniform() < probability
      let bound = side + 1 - hole % 2
      let center = (stream.below(bound), stream.below(bound))
      values.update(repeating: 1)
      if isChosen { Self.cut(hole, at: center, side: side, values) }
    }
  }

  /// Zeros in a square of `hole` pixels a side around `center`, as far as it lies in the image (Zhao et al. 2020, the authors' code).
  static func cut(_ hole: Int, at center: (row: Int, column: Int), side: Int, _ values: UnsafeMutableBufferPointer<Float>) {
    func range(_ center: Int) -> Range<Int> {
      let first = max(0, center - hole / 2)
      return first..<max(first, min(side, center - hole / 2 + hole))
    }
    for row in range(center.row) {
      for column in range(center.column) { values[row * side + column] = 0 }
    }
  }
}

/// How far geometry may go.
struct GeometryRanges: Hashable {
  var flips = false
  /// Pixels.
  var shift = 0
  /// The deviation of the exponent of 2.
  var scale = 0.0
  var degrees = 0.0
}

/// How an image is moved, about its center: mirrored, then shifted, then enlarged, then turned.
struct Geometry {
  var isMirrored = false
  /// Pixels downward and to the right.
  var shift = (rows: 0, columns: 0)
  var scale = 1.0
  /// Counterclockwise.
  var degrees = 0.0

  /// What ``AffineSample`` makes that of: where each pixel of the result is in the image, whose rows go down.
  func coordinates(side: Int) -> [Double] {
    let middle = Double(side - 1) / 2, angle = degrees * .pi / 180
    // Exact where nothing is turned or enlarged, so that images stay as they are.
    let (cosine, sine) = degrees == 0 ? (1 / scale, 0) : (cos(angle) / scale, sin(angle) / scale)
    let mirror = isMirrored ? -1.0 : 1
    let row = middle - cosine * middle - sine * middle - Double(shift.rows)
    let column = middle + mirror * (sine * middle - cosine * middle - Double(shift.columns))
    return [cosine, sine, row, -mirror * sine, mirror * cosine, column]
  }
}

/// How the colors of an image change, of which gray is 0 in the middle of [-1, 1]: they lose or gain saturation, turn around gray, and become
/// brighter. The order does not matter.
struct Colors {
  var brightness = 0.0
  var saturation = 1.0
  var degrees = 0.0

  /// Rows of three factors and what is added.
  var matrix: [Double] {
    let angle = degrees * .pi / 180
    let (cosine, sine) = degrees == 0 ? (1, 0) : (cos(angle), sin(angle) / 3.0.squareRoot())
    // Rodrigues' rotation about (1, 1, 1), of what is left of a color without its gray.
    return (0..<3).flatMap { row in
      (0..<3).map { column -> Double in
        let cross = row == column ? 0 : (column + 2) % 3 == row ? -1.0 : 1.0
        let chroma = cosine * ((row == column ? 1 : 0) - 1 / 3.0) + sine * cross
        // Exactly the identity where nothing changes.
        if saturation == 1, degrees == 0 { return row == column ? 1 : 0 }
        return 1 / 3.0 + saturation * chroma
      } + [brightness]
    }
  }
}
