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
  /// What the names of each layer's variables begin with.
  let names: [String]

  /// - Parameters:
  ///   - name: what all names begin with.
  ///   - isNamedByFirst: whether the variables of the first convolution are those of the list: `head.weight`, not `head.conv1.weight`.
  init(layers: [LayerSpec], place: LayerPlace, name: String, isNamedByFirst: Bool = false) {
    self.layers = layers
    self.place = place
    names = layers.names.map { isNamedByFirst && $0 == "conv1" ? name : "\(name).\($0)" }
  }

  func callAsFunction(_ x: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    var x = x
    for index in layers.indices { x = try layer(index, x, in: scope) }
    return x
  }

  /// The layer at `index` alone.
  func layer(_ index: Int, _ x: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    let site = LayerSite(scope: scope, name: names[index], place: place, isActivated: layers.isActivated(index))
    let made: any Layer = layers[index].choice.make()
    return try made(x, at: site)
  }
}
