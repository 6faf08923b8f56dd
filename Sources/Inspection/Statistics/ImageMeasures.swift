import Foundation

/// A few numbers that say what kind of picture an image is, measured on its ``Thumbnail``.
package struct ImageMeasures: Equatable, Sendable {
  /// The mean of brightness, 0 to 255.
  package let brightness: Double
  /// The standard deviation of brightness.
  package let contrast: Double
  /// How colorful the image is: the measure M3 of Hasler & Suesstrunk 2003, "Measuring colorfulness in natural images", from the
  /// means and deviations of `red - green` and of `(red + green) / 2 - blue`.
  package let colorfulness: Double
  /// The mean of `red - green`, then that of `(red + green) / 2 - blue`: toward which color the image leans.
  package let redness: Double
  package let yellowness: Double
  /// The mean steepness of brightness between neighboring cells: the root of the sum of the squares of both differences.
  package let edges: Double
  /// The mean standard deviation of brightness within a cell: lines and noise finer than the cells.
  package let grain: Double
  /// The entropy of brightness in 32 equal steps, in bits, 0 to 5: a drawing has few levels, a photograph many.
  package let entropy: Double
  /// The logarithm of width over height, base 2.
  package let aspect: Double

  /// The measures of an image of `width` x `height` pixels.
  package init(_ thumbnail: Thumbnail, width: Int, height: Int) {
    let (side, plane, count) = (Thumbnail.side, Thumbnail.plane, Double(Thumbnail.plane))
    var histogram = [Int](repeating: 0, count: 32)
    var (light, lightSquares) = (0, 0)
    var (redGreen, redGreenSquares, yellowBlue, yellowBlueSquares) = (0, 0, 0, 0)
    var steepness = 0.0
    thumbnail.cells.withUnsafeBufferPointer { cells in
      thumbnail.luma.withUnsafeBufferPointer { luma in
        for i in 0..<plane {
          let l = Int(luma[i])
          light += l
          lightSquares += l * l
          histogram[l >> 3] += 1
          let (red, green, blue) = (Int(cells[i]), Int(cells[plane + i]), Int(cells[2 * plane + i]))
          let (rg, yb) = (red - green, red + green - 2 * blue)  // the second one doubled
          redGreen += rg
          redGreenSquares += rg * rg
          yellowBlue += yb
          yellowBlueSquares += yb * yb
          guard i % side < side - 1, i / side < side - 1 else { continue }
          let (across, down) = (Int(luma[i + 1]) - l, Int(luma[i + side]) - l)
          steepness += Double(across * across + down * down).squareRoot()
        }
      }
    }
    func deviation(_ sum: Int, _ squares: Int) -> Double {
      let mean = Double(sum) / count
      return max(0, Double(squares) / count - mean * mean).squareRoot()
    }
    brightness = Double(light) / count
    contrast = deviation(light, lightSquares)
    redness = Double(redGreen) / count
    yellowness = Double(yellowBlue) / count / 2
    let spread = hypot(deviation(redGreen, redGreenSquares), deviation(yellowBlue, yellowBlueSquares) / 2)
    colorfulness = spread + 0.3 * hypot(redness, yellowness)
    edges = steepness / Double((side - 1) * (side - 1))
    grain = thumbnail.grain
    entropy = histogram.reduce(0) { $1 == 0 ? $0 : $0 - Double($1) / count * log2(Double($1) / count) }
    aspect = log2(Double(width) / Double(height))
  }

  /// A measure's name, where it is, and the least spread that is taken for one: a set of equal images must not make the last
  /// digit of one of them irregular.
  struct Kind: Sendable {
    let name: String
    let value: @Sendable (ImageMeasures) -> Double
    let leastSpread: Double
  }

  /// The measures in the order of the columns of `dataset.csv`.
  static let kinds = [
    Kind(name: "brightness", value: { $0.brightness }, leastSpread: 2),
    Kind(name: "contrast", value: { $0.contrast }, leastSpread: 2),
    Kind(name: "colorfulness", value: { $0.colorfulness }, leastSpread: 2),
    Kind(name: "redness", value: { $0.redness }, leastSpread: 2),
    Kind(name: "yellowness", value: { $0.yellowness }, leastSpread: 2),
    Kind(name: "edges", value: { $0.edges }, leastSpread: 0.5),
    Kind(name: "grain", value: { $0.grain }, leastSpread: 0.5),
    Kind(name: "entropy", value: { $0.entropy }, leastSpread: 0.1),
    Kind(name: "aspect", value: { $0.aspect }, leastSpread: 0.05),
  ]
}
