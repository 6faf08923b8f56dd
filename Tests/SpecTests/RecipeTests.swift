import Testing
import Training

@testable import Models
@testable import Spec

/// Every recipe is a pair of networks at any resolution, growing or not.
@Suite struct RecipeTests {
  @Test(
    arguments: RecipeCatalog.recipes.map(\.name),
    ["[{resolution: 4, hold: 2}, {resolution: 8, fade: 2}]", "[{resolution: 64, hold: 2}]"])
  func `a recipe is whole, and writes out what reads as the same`(recipe: String, phases: String) throws {
    // Eight channels for one of a query; narrower levels need less.
    let attention = recipe == "sagan" && phases.contains("64") ? ", layers: {self_attention: {reduction: 2}}" : ""
    let widths = phases.contains("64") ? "[12, 10, 8, 8, 6]" : "[12, 10]"
    let text = """
      version: 2
      name: recipe
      data: {folder: icons, resolution: 64}
      generator: {recipe: \(recipe), latent: 12, widths: \(widths)\(attention)}
      discriminator: {top: 14, widths: \(widths)\(attention)}
      schedule: {batch: 4, phases: \(phases)}
      loss: {generator: {hinge: {}}, discriminator: {hinge: {}}}
      """
    let spec = try ExperimentSpec.read(text: text, path: "/tmp/recipe.yaml", language: .experiments)
    let again = try ExperimentSpec.read(text: spec.yaml, path: "/tmp/recipe.yaml", language: .experiments)
    #expect(again.yaml == spec.yaml)
    let networks = Networks(spec)
    let level = spec.schedule.phases.last!.resolution == 64 ? 4 : 1
    for network in NetworkRole.allCases {
      #expect(networks.ladder(of: network, level: level).reduce(0) { $0 + $1.parameters } > 0)
    }
    #expect(networks.ladder(of: .generator, level: level).last?.features == Features(channels: 3, side: 4 << level))
  }
}
