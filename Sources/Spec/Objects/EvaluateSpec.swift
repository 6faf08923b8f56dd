/// `record.evaluate`: what is measured of drawn images, and how often.
package struct EvaluateSpec: Equatable, Sendable {
  /// A quality metric.
  package enum Metric: String, CaseIterable, Sendable {
    case swd
    case multiscaleSimilarity = "ms_ssim"
    case memorisation
  }

  /// Iterations between two rows of `evaluations.csv`, beside those at the phases' ends; 0 is never.
  package var every = 2500
  /// Images drawn for an evaluation.
  package var images = 1024
  package var metrics = Metric.allCases
}

extension EvaluateSpec.Metric {
  /// The columns of the metric in `evaluations.csv`, for a schedule whose highest phase has this resolution. Those that begin with
  /// `floor.` hold what training images measure among themselves.
  package func columns(resolution: Int) -> [String] {
    switch self {
    case .swd:
      let sides = SpecLimits.pyramid.filter { $0 <= resolution }.map { "swd_\($0)" } + ["swd_mean"]
      return sides + sides.map { "floor.\($0)" } + ["count.swd"]
    case .multiscaleSimilarity: return ["ms_ssim", "floor.ms_ssim"]
    case .memorisation: return ["nearest", "floor.nearest", "copies"]
    }
  }

  /// The side in pixels of the smallest images for which the metric has a number in `column`; nil for a column that it never has.
  package func smallestSide(_ column: String) -> Int? {
    let all = columns(resolution: SpecLimits.resolutions.upperBound)
    guard all.contains(column) else { return nil }
    switch self {
    case .swd: return column.split(separator: "_").last.flatMap { Int($0) } ?? SpecLimits.pyramid[0]
    case .multiscaleSimilarity: return SpecLimits.similarity
    case .memorisation: return SpecLimits.resolutions.lowerBound
    }
  }
}
