import Graph
import Kernels
import Spec

/// A layer of a network: one file, and a line in ``LayerCatalog``.
package protocol Layer: Plugin, LayerDeclaration {
  /// What the layer makes of `x`, features `[N, C, H, W]`.
  func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor
}

/// Where a layer is built.
package struct LayerSite {
  package let scope: Scope
  /// What the names of its variables begin with, as in `blocks.2.conv1`.
  package let name: String
  package let place: LayerPlace
  /// Whether an activation follows.
  package let isActivated: Bool

  /// The weight `name` of the layer.
  package func weight(_ name: String, _ shape: Shape, _ initializer: Variable.Initializer) throws(ShapeError) -> Tensor {
    try scope.weight("\(self.name).\(name)", shape, initializer)
  }
}

/// A list of layers, one after the other.
struct LayerSequence {
  let layers: [LayerSpec]
  let place: LayerPlace
  /// What names of variables begin with.
  let name: String
  /// Whether the variables of the first convolution are those of the list: `head.weight`, not `head.conv1.weight`.
  var isNamedByFirst = false

  func callAsFunction(_ x: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    var x = x
    for (index, (layer, own)) in zip(layers, layers.names).enumerated() {
      let site = LayerSite(
        scope: scope, name: isNamedByFirst && own == "conv1" ? name : "\(name).\(own)", place: place,
        isActivated: layers.isActivated(index))
      let made: any Layer = layer.choice.make()
      x = try made(x, at: site)
    }
    return x
  }
}
