import Graph
import Spec

/// How much more real than the iteration's real images generated ones look: `mean softplus(-(D(G(z)) - D(x)))`, pair by pair, or against the
/// means (Jolicoeur-Martineau 2019, equations 4 and 8, with the cross-entropy).
struct GeneratorRelativistic: GeneratorTerm {
  struct Settings: Equatable {
    var form = RelativisticForm.paired
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "relativistic", "How much more real than real images generated ones look (Jolicoeur-Martineau 2019)", Settings(),
      Field("form", \.form, .choice, RelativisticForm.doc))
  }

  static let isAdversarial = true

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  let comparesImages = true

  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor {
    try settings.form.value(context.fakeScores(), above: context.realScores())
  }
}
