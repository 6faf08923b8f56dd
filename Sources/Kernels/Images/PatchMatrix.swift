import CKernels

/// Descriptors: small square patches of images, laid out for being projected onto many directions.
package final class PatchMatrix: Sendable {
  /// Descriptors.
  package let count: Int
  /// Planes of the images, as red, green and blue.
  package let planes: Int
  /// Side of a patch in pixels.
  package let width: Int

  private let panels: FloatBuffer

  /// Descriptors that stand side by side.
  package static let panel = Int(FK_PATCH_PANEL)

  /// Room for `count` descriptors, all zero.
  package init(count: Int, planes: Int, width: Int) {
    precondition(count >= 0 && planes > 0 && width % 2 == 1, "\(count) patches of \(width) pixels in \(planes) planes")
    self.count = count
    self.planes = planes
    self.width = width
    panels = FloatBuffer(count: (count + Self.panel - 1) / Self.panel * Self.panel * planes * width * width)
  }

  /// Elements of a descriptor: planes, then rows, then columns.
  package var dims: Int { planes * width * width }
  /// Panels, the last one filled up with zeros.
  package var panelCount: Int { panels.count / (Self.panel * dims) }
  /// Floats of a projection of all descriptors: those of whole panels.
  package var paddedCount: Int { panelCount * Self.panel }

  /// Cuts the patches around `centers`, pairs of x and y, out of `image`, `[planes, side, side]`, as the descriptors `first` and
  /// following. Different descriptors may be written at the same time.
  package func cut(_ image: UnsafePointer<Float>, side: Int, centers: ArraySlice<UInt16>, first: Int) {
    precondition(first >= 0 && first + centers.count / 2 <= count, "\(centers.count / 2) patches from \(first) on of \(count)")
    let bounds = UInt16(width / 2)...UInt16(side - 1 - width / 2)
    precondition(centers.allSatisfy(bounds.contains), "a patch leaves the image of side \(side)")
    centers.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      fk_patches(image, planes, side, width, base, centers.count / 2, panels.base, first)
    }
  }

  /// The mean and the population's standard deviation of each plane over all descriptors and pixels.
  package func moments(on lanes: Lanes) -> [(mean: Double, deviation: Double)] {
    let planes = planes
    var sums = [Double](repeating: 0, count: panelCount * planes * 2)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums.baseAddress
      lanes.run(units: panelCount) {
        fk_patch_sums(panels.base + $0 * Self.panel * dims, dims, planes, sums! + $0 * planes * 2)
      }
    }
    let elements = Double(max(1, count * width * width))
    return (0..<planes).map { plane in
      var (sum, squares) = (0.0, 0.0)
      for panel in 0..<panelCount {
        sum += sums[(panel * planes + plane) * 2]
        squares += sums[(panel * planes + plane) * 2 + 1]
      }
      let mean = sum / elements
      return (mean, max(0, squares / elements - mean * mean).squareRoot())
    }
  }

  /// Writes for each direction d `offsets[d] + <weights[d], descriptor>` of the descriptors of some panels: descriptor q's goes to
  /// `projections[d * paddedCount + q]`. `weights` is `[directions, dims]`.
  package func project(
    panels range: Range<Int>, weights: UnsafePointer<Float>, offsets: UnsafePointer<Float>, directions: Int,
    into projections: UnsafeMutablePointer<Float>
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= panelCount, "panels \(range) of \(panelCount)")
    fk_project(
      panels.base + range.lowerBound * Self.panel * dims, range.count, dims, weights, offsets, directions,
      projections + range.lowerBound * Self.panel, paddedCount)
  }
}
