import Graph

@testable import Models

extension DiscriminatorContext {
  /// A context of real and generated images that are as they are, with the scores that `discriminator` gives.
  convenience init(
    _ scope: Scope, _ images: [Tensor], paired: Bool = true,
    discriminator: @escaping (Tensor, Scope) throws(ShapeError) -> Tensor
  ) {
    let sources = Sources(
      batch: images[0].shape[0], real: images[0], generated: { () throws(ShapeError) in images[1] },
      augmented: { (images) throws(ShapeError) in images },
      scores: { (images, parts) throws(ShapeError) in try discriminator(images, scope.divided(into: parts)) })
    self.init(scope, sources, paired: paired)
  }
}
