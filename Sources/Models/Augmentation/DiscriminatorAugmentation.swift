import Graph
import Spec

/// What is changed at random in every image that the discriminator sees, real or drawn, in the steps of both networks (Zhao et al. 2020; Karras
/// et al. 2020). Gradients go through it, and nothing that it draws is differentiated.
///
///     let seen = try DiscriminatorAugmentation(spec)(images, in: scope)      // [N, 3, R, R], each image changed by itself
package struct DiscriminatorAugmentation {
  private let spec: AugmentSpec
  private let output: OutputRange

  /// That of `spec`; nil without one.
  package init?(_ spec: ExperimentSpec) {
    guard let augment = spec.discriminator.augment, !augment.isEmpty else { return nil }
    (self.spec, output) = (augment, spec.generator.output)
  }

  package func callAsFunction(_ images: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    // All parts are about gray, which is 0 in [-1, 1].
    guard output == .sigmoid else { return try changed(images, in: scope) }
    return try changed(images.scaled(by: 2) + -1, in: scope).scaled(by: 0.5) + 0.5
  }

  private func changed(_ images: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    let (count, channels, side) = (images.shape[0], images.shape[1], images.shape[2])
    func random(_ name: String, _ shape: Shape, _ part: AugmentDraw.Part) throws(ShapeError) -> Tensor {
      try scope.random("augment.\(name)", shape, .rule(DrawRule(AugmentDraw(part: part, side: side))))
    }
    var x = images
    if spec.movesPixels {
      let ranges = GeometryRanges(
        flips: spec.horizontalFlip, shift: Self.pixels(spec.translation, of: side), scale: spec.scale, degrees: spec.rotation)
      let coordinates = try random("geometry", [count, 1, 1, 6], .geometry(ranges))
      x = try x.apply(AffineSample(border: spec.border == .gray ? .zeros : .reflect), coordinates)
    }
    if spec.changesColors {
      let part = AugmentDraw.Part.color(brightness: spec.brightness, saturation: spec.saturation, hue: spec.hue)
      let colors = try random("color", [count, 1, channels, channels + 1], part).reshaped([count, channels, channels + 1])
      let added = try colors.apply(Slice(axis: 2, range: channels..<channels + 1)).reshaped([count, channels, 1, 1])
      if spec.saturation > 0 || spec.hue > 0 {
        let matrices = try colors.apply(Slice(axis: 2, range: 0..<channels))
        x = try matrices.product(x.reshaped([count, channels, side * side])).reshaped(images.shape)
      }
      x = try x + added
    }
    if spec.contrast > 0 {
      let factor = try random("contrast", [count, 1, 1, 1], .contrast(spec.contrast))
      // As it is, to the bit, for a factor of 1.
      x = try x + (x - x.mean(to: [count, 1, 1, 1])) * (factor + -1)
    }
    if spec.noise > 0 { x = try x + random("noise", x.shape, .noise(spec.noise)) }
    if spec.cutout > 0 {
      x = try x * random("mask", [count, 1, side, side], .cutout(side: Self.pixels(spec.cutout, of: side)))
    }
    return x
  }

  /// A share of a side in whole pixels.
  static func pixels(_ share: Double, of side: Int) -> Int { Int(share * Double(side) + 0.5) }
}
