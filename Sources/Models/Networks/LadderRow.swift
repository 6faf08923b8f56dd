import Graph
import Spec

/// A layer of a network as `plan` shows it.
package struct LadderRow {
  /// What its parameters' names begin with, as in `blocks.2.conv1`.
  package let name: String
  package let kind: String
  /// What leaves it.
  package let features: Features
  package let parameters: Int
  /// Multiply-adds of its convolutions for an image, counted as 2.
  package let flops: Double
  /// Numbers of the largest tensor that it computes, for an image.
  package let values: Int
}

extension Networks {
  /// The layers that images at `level` pass through in `network`, in their order. The spec is checked.
  package func ladder(of network: NetworkRole, level: Int) -> [LadderRow] {
    var rows: [LadderRow] = []
    do throws(ShapeError) {
      switch network {
      case .generator:
        var features = generator.spec.latents
        try append(generator.mapping, network, &features, to: &rows)
        for k in 0...level { try append(generator.ladderLevel(k), network, &features, to: &rows) }
        try append(generator.toRGB(level), network, &features, to: &rows)
      case .discriminator:
        var features = Features(channels: 3, side: Resolution.side(level: level))
        try append(discriminator.fromRGB(level), network, &features, to: &rows)
        for k in (0...level).reversed() { try append(discriminator.ladderLevel(k, of: level), network, &features, to: &rows) }
        try append(discriminator.head, network, &features, to: &rows)
      }
    } catch {
      preconditionFailure("a checked spec's \(network) has no shape: \(error)")
    }
    return rows
  }

  /// Builds each layer of a list by itself, on two images, the fewest that differ, and on four: what an image adds is counted.
  private func append(
    _ list: LayerSequence, _ network: NetworkRole, _ features: inout Features, to rows: inout [LadderRow]
  ) throws(ShapeError) {
    let images = 2
    for index in list.layers.indices {
      let (graph, scope, y) = try built(list, index, network, features, images: images)
      // Groups of images may not go into four.
      let large = try? built(list, index, network, features, images: 2 * images).graph
      features = Features(channels: y.shape[1], side: y.shape[2])
      let flops = graph.nodes.reduce(0.0) { $0 + (($1.op as? Convolution)?.extents.flops ?? 0) }
      rows.append(
        LadderRow(
          name: list.names[index], kind: list.layers[index].kind, features: features,
          parameters: scope.weights.variables.reduce(0) { $0 + $1.shape.count }, flops: flops / Double(images),
          values: Self.values(graph, large, images: images)))
    }
  }

  /// Numbers of the largest tensor that an image adds in the graph `large` of twice the images; where that is of another form, those of the
  /// largest tensor for an image.
  private static func values(_ graph: Graph, _ large: Graph?, images: Int) -> Int {
    let large = large.flatMap { $0.nodes.count == graph.nodes.count ? $0 : nil }
    return graph.nodes.indices.reduce(0) { most, id in
      let node = graph.nodes[id]
      if node.op is Input || node.op is Random { return most }
      return max(most, ((large?.nodes[id].shape.count ?? 2 * node.shape.count) - node.shape.count) / images)
    }
  }

  private func built(
    _ list: LayerSequence, _ index: Int, _ network: NetworkRole, _ features: Features, images: Int
  ) throws(ShapeError) -> (graph: Graph, scope: Scope, result: Tensor) {
    let graph = Graph()
    var scope = Scope(graph: graph, network: network)
    for (side, features) in list.place.earlier {
      scope.levels[side] = try graph.add(
        Input(name: "level.\(side)", shape: [images, features.channels, features.side, features.side]))
    }
    scope.style = try list.place.style.map { width throws(ShapeError) in
      Scope.Style(own: try graph.add(Input(name: "style", shape: [images, width, 1, 1])))
    }
    let x = try graph.add(Input(name: "x", shape: [images, features.channels, features.side, features.side]))
    return (graph, scope, try list.layer(index, x, in: scope))
  }
}
