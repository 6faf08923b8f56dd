import Basics
import Foundation
import Kernels
import Testing

@testable import Graph

/// Compositions of ops against what they mean, written as loops in Double.
@Suite struct CompositionTests {
  struct Strided: CustomTestStringConvertible, Sendable {
    let image: [Int]
    let filter: [Int]
    let stride: Int
    let padding: Int
    var groups = 1

    var testDescription: String { "\(image) * \(filter) stride \(stride) padding \(padding) groups \(groups)" }
  }

  static let strided: [Strided] = [
    Strided(image: [2, 3, 8, 12], filter: [5, 3, 4, 4], stride: 2, padding: 1),
    Strided(image: [2, 3, 7, 11], filter: [5, 3, 4, 4], stride: 2, padding: 1),
    Strided(image: [1, 2, 8, 8], filter: [3, 2, 3, 3], stride: 2, padding: 1),
    Strided(image: [2, 2, 9, 7], filter: [3, 2, 3, 3], stride: 2, padding: 1),
    Strided(image: [2, 3, 9, 8], filter: [5, 3, 1, 1], stride: 2, padding: 0),
    Strided(image: [1, 3, 11, 13], filter: [2, 3, 5, 3], stride: 3, padding: 2),
    Strided(image: [1, 3, 12, 9], filter: [2, 3, 3, 3], stride: 3, padding: 0),
    Strided(image: [2, 1, 10, 10], filter: [2, 1, 2, 3], stride: 4, padding: 0),
    Strided(image: [2, 6, 8, 8], filter: [4, 3, 4, 4], stride: 2, padding: 1, groups: 2),
    Strided(image: [3, 6, 5, 7], filter: [9, 2, 3, 3], stride: 1, padding: 1, groups: 3),
    Strided(image: [1, 5, 5, 7], filter: [5, 1, 3, 3], stride: 1, padding: 0, groups: 5),
    Strided(image: [2, 3, 5, 7], filter: [5, 3, 2, 3], stride: 1, padding: 1),
  ]

  /// PyTorch's definition of a convolution, [N, K, P, Q].
  private func definition(_ x: [Double], _ w: [Double], _ form: Strided) -> (shape: Shape, values: [Double]) {
    let (n, c, h, width) = (form.image[0], form.image[1], form.image[2], form.image[3])
    let (k, own, r, s) = (form.filter[0], form.filter[1], form.filter[2], form.filter[3])
    let p = (h + 2 * form.padding - r) / form.stride + 1, q = (width + 2 * form.padding - s) / form.stride + 1
    var result: [Double] = []
    for image in 0..<n {
      for out in 0..<k {
        for row in 0..<p {
          for column in 0..<q {
            var sum = 0.0
            for channel in 0..<own {
              for i in 0..<r {
                for j in 0..<s {
                  let (y, x0) = (row * form.stride + i - form.padding, column * form.stride + j - form.padding)
                  guard (0..<h).contains(y), (0..<width).contains(x0) else { continue }
                  let plane = image * c + out / (k / form.groups) * own + channel
                  sum += x[(plane * h + y) * width + x0] * w[((out * own + channel) * r + i) * s + j]
                }
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return ([n, k, p, q], result)
  }

  @Test(arguments: strided)
  func `a convolution with a stride and groups is its definition, in each form`(form: Strided) throws {
    var fixture = Fixture()
    let x = try fixture.input("x", Shape(form.image), seed: 1), w = try fixture.input("w", Shape(form.filter), seed: 2)
    let (shape, expected) = definition(fixture.feed["x"]!, fixture.feed["w"]!, form)
    var forms: [StridedForm?] = [nil, .padded]
    let isHalf = form.stride == 2 && form.image[2] % 2 == 0 && form.image[3] % 2 == 0 && form.padding == 1
    if isHalf { forms.append(.centered) }
    for way in forms {
      let y = try x.convolved(with: w, stride: form.stride, padding: form.padding, groups: form.groups, by: way)
      #expect(y.shape == shape)
      let parts = try gradients(of: try y.squared().total(), wrt: [x, w])
      let run = try fixture.run(["y": y, "x": parts[0], "w": parts[1]])
      let references = fixture.reference([y] + parts)
      #expect(distance(references[0].map { Float($0) }, expected) < 1e-7, "\(way as Any)")
      for (name, reference) in zip(["y", "x", "w"], references) {
        #expect(distance(run[name]!, reference) < 2e-6, "\(name) \(way as Any)")
      }
    }
  }

  @Test(arguments: [strided[0], strided[3], strided[8]])
  func `a convolution with a stride is differentiable twice`(form: Strided) throws {
    var fixture = Fixture()
    let x = try fixture.input("x", Shape(form.image), seed: 1), w = try fixture.input("w", Shape(form.filter), seed: 2)
    let y = try x.convolved(with: w, stride: form.stride, padding: form.padding, groups: form.groups)
    let value = try y.mapped(.sigmoid).total()
    let first = try gradients(of: value, wrt: [x])[0]
    let length = try first.squared().total()
    let second = try gradients(of: length, wrt: [w])[0]
    #expect(worstDifference(fixture, value, first, input: "x", every: 23) < 1e-6)
    #expect(worstDifference(fixture, length, second, input: "w", every: 11) < 1e-6)
  }

  @Test(arguments: [
    ([1, 0, 16, 16], 1), ([2, 0, 16, 16], 1), ([3, 1, 16, 16], 3), ([4, 1, 16, 16], 3), ([4, 1, 16, 12], 2), ([4, 1, 3, 16], 2),
  ])
  func `a stride leaves few taps, or three where minimal filtering takes them`(form: [Int], taps: Int) throws {
    let (filter, padding, channels, side) = (form[0], form[1], form[2], form[3])
    let graph = Graph()
    let x = try graph.add(Input(name: "x", shape: [8, channels, side, side]))
    let w = try graph.add(Input(name: "w", shape: [8, channels, filter, filter]))
    let y = try x.convolved(with: w, stride: 2, padding: padding)
    #expect((y.op as? Convolution)?.extents.filterHeight == taps)
  }

  @Test func `what a stride cannot do is refused`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 4, 7, 8], seed: 1), w = try fixture.input("w", [6, 4, 3, 3], seed: 2)
    #expect(throws: ShapeError.self) { try x.convolved(with: w, stride: 2, padding: 1, border: .reflect) }
    #expect(throws: ShapeError.self) { try x.convolved(with: w, stride: 2, padding: 1, by: .centered) }
    #expect(throws: ShapeError.self) { try x.convolved(with: w, groups: 2) }
    #expect(throws: ShapeError.self) { try x.convolved(with: w, groups: 3) }
    #expect(throws: ShapeError.self) { try x.convolved(with: fixture.graph.add(Input(name: "v", shape: [6, 4, 9, 3]))) }
    #expect(throws: ShapeError.self) { try x.convolvedTransposed(with: w, stride: 2) }
    #expect(try x.convolved(with: w, stride: 2, border: .reflect).shape == [2, 6, 3, 3])
    #expect(try x.convolved(with: w, padding: 1, border: .reflect).shape == [2, 6, 7, 8])
  }

  @Test(arguments: strided.filter { $0.groups == 1 })
  func `a transposed convolution is the transpose of the convolution`(form: Strided) throws {
    var fixture = Fixture()
    let w = try fixture.input("w", Shape(form.filter), seed: 2)
    let (_, k, p, q) = (0, form.filter[0], form.image[2], form.image[3])
    let y = try fixture.input("y", [form.image[0], k, p, q], seed: 3)
    let (height, width) = (
      (p - 1) * form.stride - 2 * form.padding + form.filter[2], (q - 1) * form.stride - 2 * form.padding + form.filter[3]
    )
    let x = try fixture.input("x", [form.image[0], form.filter[1], height, width], seed: 4)
    let forward = try x.convolved(with: w, stride: form.stride, padding: form.padding)
    #expect(forward.shape == y.shape)
    var forms: [StridedForm?] = [nil, .padded]
    if form.filter[2] == 4, form.stride == 2, form.padding == 1 { forms.append(.centered) }
    for way in forms {
      let backward = try y.convolvedTransposed(with: w, stride: form.stride, padding: form.padding, by: way)
      #expect(backward.shape == x.shape)
      let products = fixture.reference([try (forward * y).total(), try (backward * x).total()])
      #expect(abs(products[0][0] - products[1][0]) < 1e-9 * Double(x.shape.count))
      let gradient = try gradients(of: backward.squared().total(), wrt: [w])[0]
      let run = try fixture.run(["x": backward, "w": gradient]), expected = fixture.reference([backward, gradient])
      #expect(distance(run["x"]!, expected[0]) < 2e-6 && distance(run["w"]!, expected[1]) < 2e-6, "\(way as Any)")
    }
  }

  @Test(arguments: [(1, 2, 3, 5), (3, 5, 7, 11), (7, 1, 17, 1), (2, 16, 64, 32), (5, 1, 1, 1)])
  func `products of matrices are their definition, transposed or not, and differentiable twice`(
    batch: Int, rows: Int, inner: Int, columns: Int
  ) throws {
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
      var fixture = Fixture()
      let a = try fixture.input("a", left ? [batch, inner, rows] : [batch, rows, inner], seed: 1)
      let b = try fixture.input("b", right ? [batch, columns, inner] : [batch, inner, columns], seed: 2)
      let y = try a.product(b, transposingLeft: left, transposingRight: right)
      #expect(y.shape == [batch, rows, columns])
      let (x, z) = (fixture.feed["a"]!, fixture.feed["b"]!)
      let expected = (0..<y.shape.count).map { index in
        let (n, i, j) = (index / (rows * columns), index / columns % rows, index % columns)
        return (0..<inner).reduce(0.0) { sum, k in
          let first = left ? x[(n * inner + k) * rows + i] : x[(n * rows + i) * inner + k]
          return sum + first * (right ? z[(n * columns + j) * inner + k] : z[(n * inner + k) * columns + j])
        }
      }
      #expect(distance(try fixture.run(["y": y])["y"]!, expected) < 1e-6, "\(left) \(right)")
      let value = try y.mapped(.sigmoid).total(), first = try gradients(of: value, wrt: [a])[0]
      let length = try first.squared().total(), second = try gradients(of: length, wrt: [b])[0]
      let step = 1 + max(a.shape.count, b.shape.count) / 8
      #expect(worstDifference(fixture, value, first, input: "a", every: step) < 1e-6)
      #expect(worstDifference(fixture, length, second, input: "b", every: step) < 1e-6)
    }
  }

  @Test func `products need matrices that fit`() throws {
    var fixture = Fixture()
    let a = try fixture.input("a", [2, 3, 5], seed: 1), b = try fixture.input("b", [2, 3, 7], seed: 2)
    #expect(throws: ShapeError.self) { try a.product(b) }
    #expect(throws: ShapeError.self) { try a.product(fixture.graph.add(Input(name: "c", shape: [1, 5, 7]))) }
    #expect(try a.product(b, transposingLeft: true).shape == [2, 5, 7])
  }

  @Test(arguments: [1.0, 300]) func `attention weighs values by a softmax, and is differentiable twice`(scale: Double) throws {
    var fixture = Fixture()
    let values = try fixture.input("values", [2, 3, 7], seed: 1), keys = try fixture.input("keys", [2, 5, 7], seed: 2)
    let queries = try fixture.input("queries", [2, 5, 11], seed: 3)
    let y = try values.attended(keys: keys.scaled(by: scale), queries: queries)
    let (v, k, q) = (fixture.feed["values"]!, fixture.feed["keys"]!, fixture.feed["queries"]!)
    var expected: [Double] = []
    for image in 0..<2 {
      for channel in 0..<3 {
        for query in 0..<11 {
          let scores = (0..<7).map { key in
            (0..<5).reduce(0.0) { $0 + scale * k[(image * 5 + $1) * 7 + key] * q[(image * 5 + $1) * 11 + query] }
          }
          let powers = scores.map { exp($0 - scores.max()!) }
          let sum = (0..<7).reduce(0.0) { $0 + powers[$1] * v[(image * 3 + channel) * 7 + $1] }
          expected.append(sum / powers.reduce(0, +))
        }
      }
    }
    for (got, wanted) in zip(fixture.reference([y])[0], expected) { #expect(abs(got - wanted) < 1e-9) }
    #expect(distance(try fixture.run(["y": y])["y"]!, expected) < (scale == 1 ? 1e-6 : 1e-4))
    guard scale == 1 else { return }
    let weight = try fixture.input("w", y.shape, seed: 4)
    let value = try (y * weight).squared().total(), inputs = [values, keys, queries]
    let first = try gradients(of: value, wrt: inputs)
    let length = try first[1].squared().total(), second = try gradients(of: length, wrt: inputs)
    for (value, derivatives) in [(value, first), (length, second)] {
      for (name, derivative) in zip(["values", "keys", "queries"], derivatives) {
        #expect(worstDifference(fixture, value, derivative, input: name, every: 5) < 1e-5, "\(name)")
      }
    }
    let run = try fixture.run(["first": first[1], "second": second[2]]), exact = fixture.reference([first[1], second[2]])
    #expect(distance(run["first"]!, exact[0]) < 1e-4 && distance(run["second"]!, exact[1]) < 1e-3)
  }

  @Test func `the largest of each four pixels has their derivative, and equals share it`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 3, 4, 6], seed: 1), weight = try fixture.input("w", [2, 3, 2, 3], seed: 2)
    let y = try x.maxPooled()
    let values = fixture.feed["x"]!
    let expected = (0..<36).map { place in
      let (plane, row, column) = (place / 6, place / 3 % 2, place % 3)
      return [0, 1, 6, 7].map { values[plane * 24 + 12 * row + 2 * column + $0] }.max()!
    }
    #expect(distance(try fixture.run(["y": y])["y"]!, expected) < 1e-6)
    let value = try (y.squared() * weight).total()
    let slope = try gradients(of: value, wrt: [x])[0]
    #expect(worstDifference(fixture, value, slope, input: "x") < 1e-6)
    let graph = Graph()
    let same = try graph.add(Constant(shape: [1, 1, 2, 2], value: 3)), input = try graph.add(Input(name: "x", shape: [1, 1, 2, 2]))
    let shared = try gradients(of: (input + same).maxPooled().total(), wrt: [input])[0]
    #expect(ReferenceEvaluator(inputs: ["x": [1, 1, 0, 1]]).values([shared])[0].map { ($0 * 3).rounded() } == [1, 1, 0, 1])
    #expect(throws: ShapeError.self) { try weight.maxPooled() }
  }

  @Test func `a blur weighs neighbors by 1, 2 and 1, and is its own transpose`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 3, 5, 7], seed: 1), y = try fixture.input("y", [2, 3, 5, 7], seed: 2)
    let blurred = try x.blurred()
    let values = fixture.feed["x"]!, weights = [1.0, 2, 1]
    let expected = (0..<values.count).map { index in
      var sum = 0.0
      for (i, a) in weights.enumerated() {
        for (j, b) in weights.enumerated() {
          let (row, column) = (index / 7 % 5 + i - 1, index % 7 + j - 1)
          if (0..<5).contains(row), (0..<7).contains(column) { sum += a * b / 16 * values[index / 35 * 35 + row * 7 + column] }
        }
      }
      return sum
    }
    #expect(distance(try fixture.run(["y": blurred])["y"]!, expected) < 1e-6)
    let forms = fixture.reference([try (blurred * y).total(), try (x * y.blurred()).total()])
    #expect(abs(forms[0][0] - forms[1][0]) < 1e-12)
    let gradient = try gradients(of: (blurred * y).total(), wrt: [x])[0], other = try y.blurred()
    #expect(zip(fixture.reference([gradient])[0], fixture.reference([other])[0]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: [(0, 7), (-2, 7), (3, 9), (2, 3), (-3, 17), (-1, 4)])
  func `a window shows a part of an axis, with zeros outside`(start: Int, extent: Int) throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [3, 7, 2], seed: 1), y = try x.window(axis: 1, start: start, extent: extent)
    let values = fixture.feed["x"]!
    let expected = (0..<3 * extent * 2).map { index in
      let place = index / 2 % extent + start
      return (0..<7).contains(place) ? values[(index / (2 * extent) * 7 + place) * 2 + index % 2] : 0
    }
    #expect(fixture.reference([y])[0] == expected)
    #expect(distance(try fixture.run(["y": y])["y"]!, expected) == 0)
    #expect(throws: ShapeError.self) { try x.window(axis: 1, start: 7, extent: 2) }
  }
}
