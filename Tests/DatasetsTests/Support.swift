import Basics
import Foundation
import Images
import Runs

@testable import Spec
@testable import Datasets

/// `[side, side, 3]` as `[3, side, side]`.
func planar(_ interleaved: [UInt8]) -> [UInt8] {
  (0..<3).flatMap { channel in stride(from: channel, to: interleaved.count, by: 3).map { interleaved[$0] } }
}

extension Dataset {
  /// All samples, copied.
  var pixels: [UInt8] { (0..<count).flatMap { withImage($0) { Array($0) } } }
}

/// The settings of a folder, squashed to `resolution`.
func dataSpec(_ folder: String, resolution: Int, fit: DataSpec.Fit = .squash, exclude: [String] = []) -> DataSpec {
  DataSpec(folder: folder, path: folder, resolution: resolution, fit: fit, exclude: exclude)
}
