import Datasets
import Evaluation
import Models
import Spec

extension Language {
  /// All that an experiment can name.
  package static let experiments: Language = {
    var language = Language()
    language.layers = LayerCatalog.layers
    language.recipes = RecipeCatalog.recipes
    language.losses = LossCatalog.terms
    language.optimizers = OptimizerCatalog.optimizers
    language.augmentations = AugmentationCatalog.augmentations
    language.measures = MeasureCatalog.measures
    language.watchActions = WatchActionCatalog.actions
    return language
  }()
}
