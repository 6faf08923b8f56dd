/// What measures of drawn images cannot say where there are few training images.
package enum SmallSets {
  /// The floor of `swd_mean` above which a set is too small for it: that of 200 of the icons, twice that of all 640. Of two models that differ by
  /// less than their floor nobody can say which is better.
  package static let highestFloor = 24.0

  /// What is said of a floor; nil where it is low enough.
  package static func note(swdFloor floor: Double) -> String? {
    guard floor > highestFloor, floor.isFinite else { return nil }
    return
      "training images differ by \(Int(floor.rounded())) in swd_mean among themselves: there are too few of them for smaller differences "
      + "to mean anything"
  }

  /// What is said of images that are less alike than training images.
  package static let noise =
    "ms_ssim is below that of training images: drawn images differ because they are noise, which is not variety"

  /// How far below its floor `ms_ssim` is noise and not chance.
  package static let margin = 0.03
}
