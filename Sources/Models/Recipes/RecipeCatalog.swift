import Spec

/// Every recipe; the first is that of a spec that names none.
package enum RecipeCatalog {
  package static let recipes = [
    Recipe.icon,
    Recipe.original,
    Recipe.dcgan,
    Recipe.sngan,
    Recipe.sagan,
    Recipe.fastgan,
    Recipe.stylegan2,
    Recipe.r3gan,
  ]
}
