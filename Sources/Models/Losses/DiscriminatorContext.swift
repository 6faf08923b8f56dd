import Graph
import Spec

/// Images that the discriminator is shown.
package enum ScoredImages: String, CaseIterable, Sendable {
  /// Points between real and generated images, one for each pair.
  case mixed
  case real
  case generated
}

/// What the terms of the discriminator's loss may use. All scores are `[N, 1, S, S]`; S is 1 for most networks. A pass is part of the plan
/// once a term asks for what it gives.
package final class DiscriminatorContext {
  /// The discriminator's passes, which keep what layers and terms asked for.
  let scope: Scope
  private let sources: Sources
  /// Whether real and generated images pass together.
  private let paired: Bool
  private var passes: [ScoredImages: Pass] = [:]
  private var norms: [ScoredImages: Tensor] = [:]
  private var drawn: Tensor?

  /// Where images come from.
  struct Sources {
    let batch: Int
    /// Real images `[N, 3, R, R]`.
    let real: Tensor
    /// Draws images like these.
    let generated: () throws(ShapeError) -> Tensor
    /// Makes of images what the discriminator sees.
    let augmented: (_ images: Tensor) throws(ShapeError) -> Tensor
    /// The scores of what it sees, `parts` minibatches.
    let scores: (_ images: Tensor, _ parts: Int) throws(ShapeError) -> Tensor
  }

  /// Images on their way through the discriminator.
  private struct Pass {
    /// As they come; of two minibatches at once both.
    let source: Tensor
    /// As the discriminator sees them.
    let seen: Tensor
    /// Scores of `source`.
    let allScores: Tensor
    /// Images of the pass that are meant.
    let range: Range<Int>
  }

  init(_ scope: Scope, _ sources: Sources, paired: Bool) {
    (self.scope, self.sources, self.paired) = (scope, sources, paired)
  }

  /// Scores of real images.
  package func realScores() throws(ShapeError) -> Tensor { try scores(of: .real) }

  /// Scores of generated images.
  package func fakeScores() throws(ShapeError) -> Tensor { try scores(of: .generated) }

  /// The images as the discriminator sees them, `[N, 3, R, R]`.
  package func images(_ images: ScoredImages) throws(ShapeError) -> Tensor {
    let pass = try pass(images)
    guard pass.seen.id == pass.source.id else { return try pass.seen.apply(Slice(axis: 0, range: pass.range)) }
    return switch images {
    case .mixed: pass.seen
    case .real: sources.real
    case .generated: try generated()
    }
  }

  /// Scores of images that are like those it sees already, in a pass of their own.
  package func scores(ofSeen images: Tensor, parts: Int = 1) throws(ShapeError) -> Tensor { try sources.scores(images, parts) }

  /// Each image's squared Euclidean norm of the gradient of its score, or of the sum of its scores, `[N, 1, 1, 1]`: with respect to real and
  /// generated images as they are before they are augmented, to mixes as they are seen.
  package func squaredSlopes(at images: ScoredImages) throws(ShapeError) -> Tensor {
    if let made = norms[images] { return made }
    let pass = try pass(images)
    let slope = try gradients(of: pass.allScores.total(), wrt: [pass.source])[0]
    let squares = try slope.squared().sum(to: [slope.shape[0], 1, 1, 1])
    if paired, images != .mixed {
      for other in [ScoredImages.real, .generated] {
        norms[other] = try squares.apply(Slice(axis: 0, range: self.pass(other).range))
      }
    } else {
      norms[images] = squares
    }
    return norms[images]!
  }

  private func scores(of images: ScoredImages) throws(ShapeError) -> Tensor {
    let pass = try pass(images)
    return try pass.allScores.apply(Slice(axis: 0, range: pass.range))
  }

  private func pass(_ images: ScoredImages) throws(ShapeError) -> Pass {
    if let made = passes[images] { return made }
    let batch = sources.batch
    if images == .mixed {
      let mix = try scope.graph.add(Input(name: TrainingGraph.mixName, shape: [batch, 1, 1, 1]))
      let mixes = try mix * self.images(.real) + (1 - mix) * self.images(.generated)
      passes[.mixed] = Pass(source: mixes, seen: mixes, allScores: try sources.scores(mixes, 1), range: 0..<batch)
    } else if paired {
      // Two minibatches in one pass: products twice as large, weights read half as often.
      let both = try scope.graph.add(Concatenate(axis: 0), [sources.real, generated()])
      let seen = try sources.augmented(both), scores = try sources.scores(seen, 2)
      passes[.real] = Pass(source: both, seen: seen, allScores: scores, range: 0..<batch)
      passes[.generated] = Pass(source: both, seen: seen, allScores: scores, range: batch..<2 * batch)
    } else {
      let source = try images == .real ? sources.real : generated()
      let seen = try sources.augmented(source)
      passes[images] = Pass(source: source, seen: seen, allScores: try sources.scores(seen, 1), range: 0..<batch)
    }
    return passes[images]!
  }

  private func generated() throws(ShapeError) -> Tensor {
    if let drawn { return drawn }
    let images = try sources.generated()
    drawn = images
    return images
  }
}
