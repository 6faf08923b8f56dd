/// What a column of a run's CSV files holds, for `fadein explain`.
package struct ColumnMeaning: Sendable {
  /// The file's name, as in `metrics.csv`.
  package let file: String
  /// The column; `<term>` and `<side>` stand for what differs between experiments.
  package let column: String
  /// One sentence without a full stop.
  package let meaning: String

  private init(_ file: String, _ column: String, _ meaning: String) {
    (self.file, self.column, self.meaning) = (file, column, meaning)
  }

  /// Every column of every table of a run, in the order of the files.
  package static let all: [ColumnMeaning] = tables.flatMap { file, columns in columns.map { ColumnMeaning(file, $0, $1) } }

  /// Whether `name` is such a column.
  package func isOf(_ name: String) -> Bool {
    let parts = column.split(separator: "<", maxSplits: 1).map(String.init)
    guard parts.count == 2, let end = parts[1].firstIndex(of: ">") else { return name == column }
    let (head, rest) = (parts[0], parts[1][parts[1].index(after: end)...])
    guard name.hasPrefix(head), name.hasSuffix(rest), name.utf8.count > head.utf8.count + rest.utf8.count else { return false }
    let middle = name.dropFirst(head.count).dropLast(rest.count)
    return parts[1].hasPrefix("side") ? middle.allSatisfy(\.isNumber) : true
  }

  private static let tables: [(file: String, columns: [(String, String)])] = [
    (
      "metrics.csv",
      [
        ("iteration", "The iteration, from 1"), ("images", "Real images shown so far"), ("phase", "The phase, from 1"),
        ("resolution", "The phase's side in pixels"), ("alpha", "How far the resolution has faded in, above 0 and up to 1"),
        ("rate.generator", "The generator's learning rate"), ("rate.discriminator", "The discriminator's learning rate"),
        ("loss.generator", "The sum of the generator's weighted loss terms; no measure of quality"),
        ("loss.discriminator", "The sum of the discriminator's weighted loss terms; no measure of quality"),
        ("loss.generator.<term>", "A weighted term of the generator's loss"),
        ("loss.discriminator.<term>", "A weighted term of the discriminator's loss"),
        ("score.real", "The discriminator's mean score of real images"),
        ("score.fake", "The discriminator's mean score of drawn images"),
        ("gradient_norm", "The mean norm of the score's gradient at mixes of real and drawn images"),
      ]
    ),
    (
      "timing.csv",
      [
        ("iteration", "The iteration, from 1"), ("seconds", "Seconds since this process began to train"),
        ("iteration_ms", "Milliseconds of this iteration"), ("images_per_second", "Images shown a second, in this iteration"),
        ("resident_mb", "Memory in units of 10^6 bytes"),
      ]
    ),
    (
      "phases.csv",
      [
        ("phase", "The phase, from 1"), ("resolution", "The phase's side in pixels"), ("fade", "Iterations in which it fades in"),
        ("hold", "Iterations after that"), ("first_iteration", "Its first iteration"), ("last_iteration", "Its last iteration"),
        ("images", "Images shown in this phase"), ("seconds", "Seconds that it took; empty when a run was resumed in it"),
      ]
    ),
    (
      "evaluations.csv",
      [
        ("iteration", "The iteration after which was measured"), ("images", "Real images shown so far"),
        ("phase", "The phase, from 1"), ("resolution", "The side at which images are compared"),
        ("seed", "Where latents, patches and directions came from"), ("count.drawn", "Images that were drawn"),
        ("count.real", "Training images that they could be compared with"),
        ("swd_<side>", "Sliced Wasserstein distance times 1000 of patches at this side; low is good"),
        ("swd_mean", "The mean of these distances; low is good, floor.swd_mean is as low as training images get"),
        ("count.swd", "Images in each of the two sets of that distance"),
        ("ms_ssim", "Mean similarity of pairs of drawn images; far above its floor they lack variety"),
        ("nearest", "Mean distance of a drawn image to its nearest training image, in gray levels"),
        ("copies", "Share of drawn images that are nearer to a training image than any other training image is"),
        ("floor.<column>", "The same between training images"),
      ]
    ),
    (
      "events.csv",
      [
        ("time", "When it happened, in UTC"), ("iteration", "The last finished iteration"),
        ("event", "start, resume, phase, checkpoint, watch, rate_drop, stop, finish and others"),
        ("detail", "What it was, in words"),
      ]
    ),
    (
      "dataset.csv",
      [
        ("path", "The file's path below the data folder"), ("sha256", "The file's hash"), ("bytes", "The file's size"),
        ("width", "Columns of pixels, as stored"), ("height", "Rows of pixels, as stored"), ("used", "yes or no"),
        ("reason", "Why it is not used"),
      ]
    ),
  ]
}
