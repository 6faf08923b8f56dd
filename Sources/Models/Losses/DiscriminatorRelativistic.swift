import Graph
import Spec

/// How much more real than generated images real ones look: `mean softplus(-(D(x) - D(G(z))))`, pair by pair, or against the means
/// (Jolicoeur-Martineau 2019, equations 3 and 7, with the cross-entropy).
struct DiscriminatorRelativistic: DiscriminatorTerm {
  struct Settings: Equatable {
    var form = RelativisticForm.paired
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "relativistic", "How much more real than generated images real ones look (Jolicoeur-Martineau 2019)", Settings(),
      Field("form", \.form, .choice, RelativisticForm.doc))
  }

  static let isAdversarial = true

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    try settings.form.value(context.realScores(), above: context.fakeScores())
  }
}
