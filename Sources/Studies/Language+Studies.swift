import Spec
import Training

extension Language {
  /// All that experiments and sweeps can name.
  package static let fadein: Language = {
    var language = experiments
    language.searches = StrategyCatalog.strategies
    language.stoppers = StopperCatalog.stoppers
    return language
  }()
}
