import Basics
import Foundation
import Graph
import Kernels
import Testing
import Training

@testable import Models
@testable import Spec

/// What every layer keeps: its shape rule, its kernels and its derivatives, to the second order.
@Suite struct LayerTests {
  /// Lists of layers on features of odd numbers of channels and prime sides.
  private static let lists: [(String, channels: Int, side: Int)] = [
    ("[{convolution: {width: 5}}, leaky_relu]", 3, 7),
    ("[{convolution: {width: 5, kernel: 4, stride: 2}}]", 3, 6),
    ("[{convolution: {width: 4, kernel: 3, stride: 2, equalized_rate: weight}}, relu]", 3, 8),
    ("[{convolution: {width: 5, kernel: 4, stride: 2, transposed: true}}]", 3, 3),
    ("[{convolution: {width: 5, kernel: 4, padding: 0, transposed: true}}, tanh]", 3, 1),
    ("[{convolution: {width: 6, groups: 3, bias: false}}, swish]", 9, 5),
    ("[{convolution: {width: 4, kernel: 1, stride: 2}}]", 3, 6), ("[{convolution: {width: 2, kernel: 2, stride: 4}}]", 3, 8),
    ("[{convolution: {width: 2, kernel: 5, stride: 3, padding: 1}}]", 3, 9),
    ("[{convolution: {width: 2, kernel: 3, stride: 2, transposed: true}}]", 3, 4),
    ("[{convolution: {width: 2, kernel: 1, padding: 1, transposed: true}}]", 3, 5),
    ("[{dense: {width: 3, side: 2}}]", 5, 3), ("[{dense: {width: 7, equalized_rate: weight}}, leaky_relu]", 5, 1),
    ("[upsample]", 3, 5), ("[{upsample: {mode: bilinear}}]", 3, 5), ("[{upsample: {mode: fir}}]", 3, 5),
    ("[downsample]", 3, 6), ("[{downsample: {mode: fir}}]", 3, 6), ("[pixel_norm]", 5, 3), ("[layer_norm]", 5, 3),
    ("[instance_norm]", 5, 3), ("[glu]", 6, 3),
    ("[minibatch_deviation]", 3, 2), ("[{self_attention: {reduction: 2}}]", 5, 3),
    ("[{self_attention: {reduction: 1, value: half, bias: false}}]", 4, 3),
    (
      "[{residual: {main: [{convolution: {width: 4}}, leaky_relu, {convolution: {width: 4}}], shortcut: [{convolution: {width: 4, kernel: 1}}], gain: 0.7}}]",
      3, 5
    ),
    ("[batch_norm]", 3, 5), ("[{convolution: {width: 5}}, batch_norm, {leaky_relu: {gain: 1.4}}]", 3, 5), ("[sum_pool]", 3, 5),
    ("[noise]", 3, 5), ("[{dropout: {rate: 0.3}}]", 3, 5), ("[{constant: {width: 3, side: 5}}]", 7, 1),
    ("[{constant: {side: 3, scaled: true}}]", 5, 1), ("[{modulated_convolution: {width: 4}}, noise, leaky_relu]", 3, 5),
    ("[{modulated_convolution: {width: 4, kernel: 1, demodulate: false, equalized_rate: weight}}]", 3, 5),
    ("[{modulated_convolution: {equalized_rate: weight, gain: 1.3}}]", 3, 4), ("[{excitation: {from: 8}}]", 3, 5),
    ("[{dense: {width: 7, equalized_rate: weight, rate_factor: 0.01}}, leaky_relu]", 5, 1),
    ("[{self_attention: {reduction: 2, pool: max, value: half}}]", 4, 6),
    ("[{residual: {main: [leaky_relu, {residual: {main: [{convolution: {width: 3}}]}}]}}]", 3, 4),
  ]

  @Test(arguments: lists)
  func `a list leaves the features that its shape rules say, with the derivatives of its definition`(
    text: String, channels: Int, side: Int
  ) throws {
    let layers = try layers(text)
    var place = LayerPlace(entering: channels, leaving: channels)
    (place.earlier, place.style) = ([8: Features(channels: 2, side: 8)], 5)
    var features = Features(channels: channels, side: side)
    for layer in layers { features = try layer.result(of: features, at: place) }
    let (graph, batch) = (Graph(), 3)
    var scope = Scope(graph: graph, network: .generator)
    let earlier = try graph.add(Input(name: "earlier", shape: [batch, 2, 8, 8]))
    let style = try graph.add(Input(name: "style", shape: [batch, 5, 1, 1]))
    (scope.levels, scope.style) = ([8: earlier], Scope.Style(own: style))
    let x = try graph.add(Input(name: "x", shape: [batch, channels, side, side]))
    let y = try LayerSequence(layers: layers, place: place, name: "blocks.1")(x, in: scope)
    #expect(y.shape == [batch, features.channels, features.side, features.side])

    var stream = RandomStream(seed: 7, name: text)
    var feed: [String: [Double]] = [:]
    for node in graph.nodes {
      guard let name = (node.op as? Input)?.name ?? (node.op as? Random)?.name else { continue }
      feed[name] = (0..<node.shape.count).map { _ in stream.uniform(in: -1...1) }
    }
    for weight in scope.variables {
      feed[weight.key] = weight.initialValues(seed: 3).map { Double($0) + 0.3 * stream.uniform(in: -1...1) }
    }
    // Something that depends on all of y in no simple way.
    let weighing = try graph.add(Input(name: "weighing", shape: y.shape))
    feed["weighing"] = (0..<y.shape.count).map { _ in stream.uniform(in: -1...1) }
    let loss = try (weighing * y * y + weighing * y).total()
    let targets = [x, earlier, style] + scope.weights.tensors
    let first = try gradients(of: loss, wrt: targets)
    let length = try first[0].squared().total()
    let second = try gradients(of: length, wrt: targets)
    for (value, derivatives) in [(loss, first), (length, second)] {
      for (target, derivative) in zip(targets, derivatives) { try compare(value, derivative, (target.op as! Input).name, feed) }
    }
    // The kernels compute it.
    let plan = try Plan(outputs: ["y": y, "slope": first[0], "curve": second[0]])
    let executor = Executor(plan, inputs: feed.mapValues { FloatBuffer($0.map { Float($0) }) }, lanes: Lanes(count: 2))
    executor.run()
    for (name, tensor) in [("y", y), ("slope", first[0]), ("curve", second[0])] {
      let exact = ReferenceEvaluator(inputs: feed).values([tensor])[0]
      let scale = exact.map(abs).max() ?? 0
      for (got, wanted) in zip(executor.output(name), exact) {
        #expect(abs(Double(got) - wanted) <= 2e-4 * scale + 1e-5, "\(name)")
      }
    }
  }

  private func compare(_ value: Tensor, _ derivative: Tensor, _ input: String, _ feed: [String: [Double]]) throws {
    let analytic = ReferenceEvaluator(inputs: feed).values([derivative])[0]
    let scale = max(1e-6, analytic.map(abs).max() ?? 0)
    let h = 1e-6
    for i in stride(from: 0, to: analytic.count, by: max(1, analytic.count / 5)) {
      func at(_ offset: Double) -> Double {
        var moved = feed
        moved[input]![i] += offset
        return ReferenceEvaluator(inputs: moved).values([value])[0][0]
      }
      let quotient = (at(h) - at(-h)) / (2 * h)
      #expect(abs(quotient - analytic[i]) < 1e-5 * scale + 1e-6, "\(input)[\(i)]: \(quotient), not \(analytic[i])")
    }
  }

  @Test(arguments: [
    ("[{convolution: {stride: 2}}]", 3, 5, "a stride of 2 does not divide 5 pixels"),
    ("[{convolution: {stride: 2, border: reflect}}]", 3, 6, "a stride needs border: zeros, or padding: 0"),
    ("[{convolution: {groups: 2}}]", 3, 5, "3 channels that enter it are no 2 groups"),
    ("[{convolution: {groups: 3, width: 4}}]", 3, 5, "4 channels that leave it are no 3 groups"),
    ("[{convolution: {transposed: true, groups: 3}}]", 3, 5, "a transposed convolution has no groups"),
    ("[{convolution: {transposed: true, stride: 8, kernel: 8}}]", 3, 512, "it would leave 4096x4096 pixels, more than 1024"),
    ("[{convolution: {transposed: true, kernel: 1, padding: 3}}]", 3, 5, "a padding of 3 leaves nothing of its image"),
    ("[self_attention]", 16, 1, "a single pixel has no others to attend to"),
    ("[self_attention]", 7, 8, "7 channels are fewer than its reduction of 8"),
    ("[self_attention]", 8, 256, "256x256 pixels have too many pairs"), ("[glu]", 5, 4, "5 channels have no half"),
    ("[layer_norm]", 1, 1, "a single number has no deviation"), ("[instance_norm]", 3, 1, "a single pixel has no deviation"),
    ("[residual]", 3, 4, "it has no layers"),
    ("[{modulated_convolution: {}}]", 3, 4, "there is no mapping that modulates it"),
    ("[{excitation: {from: 8}}]", 3, 4, "no resolution of 8 comes before it"),
    (
      "[{convolution: {spectral_norm: pass, equalized_rate: input}}]", 3, 4,
      "spectral_norm undoes what equalized_rate: input scales"
    ),
    ("[{constant: {scaled: true}}]", 3, 4, "only [N, 3, 1, 1] can scale its channels"),
    ("[{self_attention: {pool: max, reduction: 1}}]", 3, 5, "a side of 5 pixels has no half to pool to"),
    ("[{residual: {main: [downsample]}}]", 3, 4, "main leaves [N, 3, 2, 2], but shortcut [N, 3, 4, 4]"),
    (
      "[{residual: {main: [leaky_relu, downsample]}}]", 3, 5,
      "main.downsample1 cannot follow [N, 3, 5, 5]: a side of 5 pixels has no half"
    ),
  ])
  func `a layer says why it cannot stand where it does`(text: String, channels: Int, side: Int, words: String) throws {
    let layer = try #require(try layers(text).first)
    let place = LayerPlace(entering: channels, leaving: channels)
    let mistake = #expect(throws: LayerMistake.self) { try layer.result(of: Features(channels: channels, side: side), at: place) }
    #expect(mistake?.message == words)
  }

  @Test func `bilinear doubling is what PyTorch calls so`() throws {
    // Of 0, 1, 4 along one axis: 0, 0.25, 0.75, 1.75, 3.25, 4.
    let graph = Graph()
    let x = try graph.add(Input(name: "x", shape: [1, 1, 3, 3]))
    let scope = Scope(graph: graph, network: .generator)
    let place = LayerPlace(entering: 1, leaving: 1)
    let y = try LayerSequence(layers: try layers("[{upsample: {mode: bilinear}}]"), place: place, name: "b")(x, in: scope)
    let values = ReferenceEvaluator(inputs: ["x": [0, 1, 4, 0, 1, 4, 0, 1, 4]]).values([y])[0]
    for (got, wanted) in zip(values[6..<12], [0, 0.25, 0.75, 1.75, 3.25, 4]) { #expect(abs(got - wanted) < 1e-6) }
  }

  @Test func `a new layer of attention changes nothing, and its weights are named`() throws {
    let graph = Graph()
    let scope = Scope(graph: graph, network: .generator)
    let x = try graph.add(Input(name: "x", shape: [2, 16, 3, 3]))
    _ = try LayerSequence(layers: try layers("[self_attention]"), place: LayerPlace(entering: 16, leaving: 16), name: "blocks.3")(
      x, in: scope)
    let projections = ["query", "key", "value"].flatMap { [$0 + ".weight", $0 + ".bias"] }
    let names: [String] = (projections + ["gamma"]).map { "blocks.3.attention1." + $0 }
    #expect(scope.variables.map(\.name) == names)
    #expect(scope.variables.last!.initialValues(seed: 1) == [0])
  }
}
