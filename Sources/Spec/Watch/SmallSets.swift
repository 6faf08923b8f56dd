import Basics

/// What measures of drawn images cannot say where there are few images.
package enum SmallSets {
  /// The floor of `swd_mean` above which smaller differences mean little: that of 200 of the 640 icons at 64x64 (20 to 24 in eight choices), twice
  /// that of all of them. The floor of 100 differs by 5 from one choice of images to the next, that of 200 by 1.4 (standard deviations).
  package static let highestFloor = 24.0

  /// How much `ms_ssim` differs between pairs of training images, as a standard deviation: among icons at 16x16 to 64x64 the floors of eight
  /// choices of 50, 100 and 200 images differ by 0.16 to 0.5 over the root of their pairs, in six of nine
  /// cases by at most 0.23.
  private static let pairDeviation = 0.2
  /// Standard errors beyond which a difference is not called chance.
  private static let errors = 3.0

  private static let (swdFloor, swdCount) = (Column.floor + "swd_mean", "count.swd")
  private static let (similarity, similarityFloor) = ("ms_ssim", Column.floor + "ms_ssim")

  /// The columns that are looked at.
  package static let columns = [swdFloor, swdCount, similarity, similarityFloor, Column.drawn.name, Column.real.name]

  /// A sentence each about what an evaluation cannot say. `value` gives what a column has; nil where it was not measured.
  package static func notes(_ value: (String) -> Double?) -> [String] {
    [swdNote(value), isNoise(value) ? noise : nil].compactMap(\.self)
  }

  /// What is said where training images differ much among themselves; nil where they do not.
  package static func swdNote(_ value: (String) -> Double?) -> String? {
    guard let floor = value(swdFloor), floor > highestFloor, floor.isFinite else { return nil }
    let subject = "training images differ by \(Int(floor.rounded())) in swd_mean among themselves"
    if let compared = value(swdCount), let drawn = value(Column.drawn.name), compared >= drawn {
      return
        "\(subject): record.evaluate.images asks for too few, \(Int(exactly: drawn) ?? 0), for smaller differences to mean anything"
    }
    return "\(subject): there are too few of them for smaller differences to mean anything"
  }

  /// Whether drawn images are less alike than training images are, by more than the choice of pairs explains.
  package static func isNoise(_ value: (String) -> Double?) -> Bool {
    guard let drawn = value(similarity), let floor = value(similarityFloor) else { return false }
    return floor - drawn > margin(drawn: value(Column.drawn.name) ?? 2, real: value(Column.real.name) ?? 2)
  }

  /// How far below its floor `ms_ssim` may be by chance, of so many images: three standard errors of the difference of both means over pairs.
  package static func margin(drawn: Double, real: Double) -> Double {
    errors * pairDeviation * (2 / max(2, drawn) + 2 / max(2, real)).squareRoot()
  }

  /// What is said of images that are less alike than training images.
  package static let noise =
    "ms_ssim is below that of training images: drawn images differ because they are broken, which is noise and not variety"
}
