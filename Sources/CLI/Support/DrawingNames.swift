import Training

/// The names of drawn files. Those of different seeds or iterations of a run never are the same.
struct DrawingNames {
  /// As in `seed5-`, and `iteration5000-seed5-` for what a checkpoint draws; with a truncation
  /// `truncation0.7-seed5-`.
  private let prefix: String

  /// The names of what `model` draws with `seed`.
  init(_ model: TrainedGenerator, seed: UInt64) {
    let truncation = model.truncation.map { "truncation\($0)-" } ?? ""
    prefix = (model.isFinal ? "" : "iteration\(model.iteration)-") + truncation + "seed\(seed)-"
  }

  /// The image of this number.
  func image(_ number: Int) -> String {
    prefix + String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number).png"
  }

  var grid: String { prefix + "grid.png" }
  var interpolation: String { prefix + "interpolation.png" }
}
