import Training

@testable import Models
@testable import Spec

/// The two recipes of `scripts/make_fixtures.py`.
enum Recipe: String {
  case icon, original

  /// A spec of small networks.
  func spec(widths: [Int], latent: Int, top: Int, batch: Int) throws -> ExperimentSpec {
    let phases = widths.indices.map { "      - {resolution: \(4 << $0), hold: 10\($0 == 0 ? "" : ", fade: 10")}" }
    let text = """
      version: 2
      name: small
      data:
        folder: icons
      generator:
        recipe: \(rawValue)
        latent: \(latent)
        widths: \(widths)
      discriminator:
        top: \(top)
        widths: \(widths)
      schedule:
        batch: \(batch)
        phases:
      \(phases.joined(separator: "\n"))
      loss:
        generator: {wasserstein: {}}
        discriminator: {wasserstein: {}, gradient_penalty: {}, drift: {}}
      """
    var spec = try ExperimentSpec.read(text: text, path: "/tmp/small.yaml", language: .experiments)
    if self == .original { makeOriginal(&spec) }
    return spec
  }

  /// What Karras et al. 2018 do otherwise.
  private func makeOriginal(_ spec: inout ExperimentSpec) {
    spec.schedule.order = .discriminatorFirst
    spec.schedule.blendReals = true
    spec.optimizer = OptimizerSpec(Choice(Adam.self, .init(rate: 1e-3, beta1: 0.5, beta2: 0.99, epsilon: 1e-8)))
    let penalty = spec.loss.discriminator.firstIndex { $0.key == "gradient_penalty" }!
    spec.loss.discriminator[penalty] = Choice(GradientPenalty.self, .init(target: 750))
  }
}
