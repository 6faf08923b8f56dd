import Foundation
import Kernels

/// Images seen at affine coordinates: `[N, C, H, W]` and `[N, 1, 1, 6]`, (a b c d e f) of each image. The result at row i and column j is the
/// image at row a i + b j + c and column d i + e j + f, from its four nearest pixels. It is linear in the images; the coordinates are not
/// differentiated.
package struct AffineSample: Op {
  /// What is seen beyond the border.
  package enum Border: String, CaseIterable, Sendable {
    /// Zeros.
    case zeros
    /// What a mirror along the outermost pixels shows.
    case reflect
  }

  package let border: Border
  /// Whether it is the transpose.
  package let isTransposed: Bool
  package init(border: Border, isTransposed: Bool = false) { (self.border, self.isTransposed) = (border, isTransposed) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 2, x[0].rank == 4, x[1] == [x[0][0], 1, 1, 6] else {
      throw reject(x, "needs images and six numbers for each")
    }
    return x[0]
  }

  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] {
    [try g.apply(AffineSample(border: border, isTransposed: !isTransposed), x[1]), nil]
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering {
    .kernel(
      .affine(count: y[0], channels: y[1], height: y[2], width: y[3], mirrors: border == .reflect, transposed: isTransposed))
  }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    let (height, width) = (y[2], y[3])
    var result = [Double](repeating: 0, count: y.count)
    for plane in 0..<y[0] * y[1] {
      let m = Array(x[1].data[6 * (plane / y[1])..<6 * (plane / y[1]) + 6]), start = plane * height * width
      for i in 0..<height {
        for j in 0..<width {
          let (row, column) = (m[0] * Double(i) + m[1] * Double(j) + m[2], m[3] * Double(i) + m[4] * Double(j) + m[5])
          for (r, below) in [(floor(row), 1 - (row - floor(row))), (floor(row) + 1, row - floor(row))] {
            for (c, right) in [(floor(column), 1 - (column - floor(column))), (floor(column) + 1, column - floor(column))] {
              guard let r = seen(Int(r), height), let c = seen(Int(c), width) else { continue }
              let (here, there) = (start + i * width + j, start + r * width + c)
              if isTransposed {
                result[there] += below * right * x[0].data[here]
              } else {
                result[here] += below * right * x[0].data[there]
              }
            }
          }
        }
      }
    }
    return result
  }

  /// The pixel that is seen at `place` of `count`.
  private func seen(_ place: Int, _ count: Int) -> Int? {
    if (0..<count).contains(place) { return place }
    guard border == .reflect, count > 1 else { return border == .reflect ? 0 : nil }
    let period = 2 * (count - 1), rest = ((place % period) + period) % period
    return rest < count ? rest : period - rest
  }
}
