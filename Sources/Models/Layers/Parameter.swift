import Basics
import Graph
import Kernels

/// A tensor that training changes.
package struct Parameter: Hashable, Sendable {
  /// Its values before training.
  package enum Initializer: Hashable, Sendable {
    case zeros
    case normal(deviation: Double)
    /// Uniform in [-bound, bound].
    case uniform(bound: Double)
  }

  /// Within its network: `blocks.0.conv1.weight`.
  package let name: String
  package let shape: Shape
  package let initializer: Initializer

  /// Fresh values, from the stream `initial.<network>.<name>`.
  package func initialValues(seed: UInt64, network: String) -> [Float] {
    var stream = RandomStream(seed: seed, name: "initial.\(network).\(name)")
    switch initializer {
    case .zeros: return [Float](repeating: 0, count: shape.count)
    case .normal(let deviation): return stream.normals(shape.count).map { $0 * Float(deviation) }
    case .uniform(let bound): return (0..<shape.count).map { _ in Float(stream.uniform(in: -bound...bound)) }
    }
  }
}

/// A graph under construction for one network: the inputs that hold its parameters are named `<network>.<parameter>`.
package struct NetworkScope {
  package let graph: Graph
  package let network: String
  /// Numbers are shared out among so many independent minibatches, one after the other along the batch axis.
  package let parts: Int

  package init(graph: Graph, network: String, parts: Int = 1) { (self.graph, self.network, self.parts) = (graph, network, parts) }

  /// The input that holds a parameter.
  package func tensor(_ parameter: Parameter) throws(ShapeError) -> Tensor {
    try graph.add(Input(name: "\(network).\(parameter.name)", shape: parameter.shape))
  }
}
