import Graph
import Spec

/// `(x - mean) / sqrt(variance + epsilon) * scale + bias`, mean and variance of each channel over the images and pixels of a minibatch
/// (Ioffe & Szegedy 2015); real and generated images are minibatches of their own.
///
/// A drawn image depends on its latent alone: drawing uses one mean and variance for each channel. `standing` takes them of the averaged
/// network over minibatches of fresh latents (Brock et al. 2019); `running` keeps a moving average while training, as PyTorch does, that
/// of the weights which are trained.
package struct BatchNorm: Layer {
  /// Where the mean and variance that drawing uses are from.
  package enum Statistics: String, CaseIterable, Sendable { case standing, running }

  package struct Settings: Equatable, Sendable {
    package var epsilon = 1e-5
    package var momentum = 0.1
    package var statistics = Statistics.standing
    package var initial = InitialScale.one
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "batch_norm", "Takes each channel's mean and deviation from a minibatch, then scales it (Ioffe & Szegedy 2015)", Settings(),
      Field("epsilon", \.epsilon, .number(.above(0, to: 1)), "Keeps the division away from zero"),
      Field("momentum", \.momentum, .number(.above(0, to: 1)), "The weight of a new minibatch in running statistics"),
      Field(
        "statistics", \.statistics, .choice,
        "What drawing uses: standing statistics, of the averaged network over fresh latents, or running ones, of training"),
      Field("initial", \.initial, .initialScale, "The scales at first: one, or the deviation of a normal draw around it"))
  }

  package static let isTransparent = true
  package static let joinsImages = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let channels = x.shape[1], channel: Shape = [1, channels, 1, 1]
    let normalized: Tensor
    if case .drawing = site.scope.mode {
      let (mean, variance) = try statistics(site, channels)
      normalized = try (x - mean.reshaped(channel)) * (variance.reshaped(channel) + settings.epsilon).squareRoot().reciprocal()
    } else {
      let size = x.shape[0] / site.scope.parts
      var parts: [Tensor] = []
      for part in 0..<site.scope.parts {
        let own = site.scope.parts == 1 ? x : try x.apply(Slice(axis: 0, range: part * size..<(part + 1) * size))
        parts.append(try minibatch(own, site))
      }
      normalized = parts.count == 1 ? parts[0] : try x.graph.add(Concatenate(axis: 0), parts)
    }
    return try site.scaled(normalized, initial: settings.initial.draw)
  }

  /// One minibatch, of which statistics are kept where they are wanted.
  private func minibatch(_ x: Tensor, _ site: LayerSite) throws(ShapeError) -> Tensor {
    let channels = x.shape[1], channel: Shape = [1, channels, 1, 1]
    let mean = try x.mean(to: channel)
    let centered = try x - mean
    let variance = try centered.squared().mean(to: channel)
    let share: Tensor? =
      switch site.scope.mode {
      case .settling(let share): settings.statistics == .standing ? share : nil
      case .training:
        settings.statistics == .running
          ? try x.graph.add(Constant(shape: .scalar, value: settings.momentum)) : nil
      case .drawing: nil
      }
    if let share {
      let old = try statistics(site, channels)
      let count = x.shape.count / channels
      // As in PyTorch, what is kept divides by n - 1, and what training uses by n.
      let unbiased = try variance.scaled(by: Double(count) / Double(max(1, count - 1)))
      for (name, old, new) in [("mean", old.mean, mean), ("variance", old.variance, unbiased)] {
        let before = try old.reshaped(channel)
        let after = try before + share * (new.detached() - before)
        site.scope.update("\(site.name).\(name)", to: try after.reshaped([channels]))
      }
    }
    return try centered * (variance + settings.epsilon).squareRoot().reciprocal()
  }

  private func statistics(_ site: LayerSite, _ channels: Int) throws(ShapeError) -> (mean: Tensor, variance: Tensor) {
    (
      try site.scope.statistic("\(site.name).mean", [channels], .constant(0)),
      try site.scope.statistic("\(site.name).variance", [channels], .constant(1))
    )
  }
}

/// The scales of a norm before training.
package enum InitialScale: Hashable, Sendable {
  case one
  /// Normal around 1.
  case deviation(Double)

  var draw: Variable.Initializer {
    switch self {
    case .one: .constant(1)
    case .deviation(let deviation): .normal(deviation: deviation, mean: 1)
    }
  }
}

extension FieldType where Value == InitialScale {
  /// `one`, or a deviation.
  static var initialScale: Self {
    .words([("one", .one)], or: .number(.above(0)), InitialScale.deviation) {
      if case .deviation(let number) = $0 { number } else { nil }
    }
  }
}
