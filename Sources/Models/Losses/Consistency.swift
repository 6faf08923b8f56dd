import Graph
import Spec

/// `real * mean (D(x) - D(T(x)))^2 + generated * mean (D(G(z)) - D(T(G(z))))^2`: scores that do not change with what should not matter, T being
/// a flip and a shift with mirrored borders (Zhang et al. 2020; of generated images, Zhao et al. 2021, algorithm 1).
struct Consistency: DiscriminatorTerm {
  struct Settings: Equatable {
    var real = 10.0
    var generated = 10.0
    var translation = 0.125
    var horizontalFlip = 0.5
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "consistency", "Keeps scores as they are where images are shifted and flipped (Zhang et al. 2020)", Settings(),
      Field("real", \.real, .number(.atLeast(0)), "The weight of real images, lambda"),
      Field("generated", \.generated, .number(.atLeast(0)), "The weight of generated images"),
      Field("translation", \.translation, .number(.from(0, to: 1)), "The largest shift, as a share of the side"),
      Field("horizontal_flip", \.horizontalFlip, .number(.from(0, to: 1)), "The share of images that are flipped"))
  }

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    let graph = context.scope.graph
    let images = try graph.add(Concatenate(axis: 0), [context.images(.real), context.images(.generated)])
    let (count, side) = (images.shape[0], images.shape[2])
    let rule = ShiftDraw(
      side: side, shift: DiscriminatorAugmentation.pixels(settings.translation, of: side), flips: settings.horizontalFlip)
    let moved = try images.apply(
      AffineSample(border: .reflect), context.scope.random("consistency", [count, 1, 1, 6], .rule(DrawRule(rule))))
    let scores = try context.scores(ofSeen: moved, parts: 2)
    func distance(_ own: Tensor, _ range: Range<Int>) throws(ShapeError) -> Tensor {
      try (own - scores.apply(Slice(axis: 0, range: range))).squared().average()
    }
    return try distance(context.realScores(), 0..<count / 2).scaled(by: settings.real)
      + distance(context.fakeScores(), count / 2..<count).scaled(by: settings.generated)
  }
}
