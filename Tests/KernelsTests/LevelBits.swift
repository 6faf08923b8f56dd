import Basics

@testable import Kernels

/// What the kernels other than convolutions compute at the level of this process, on primes and around the ends of vectors.
enum LevelBits {
  private static let counts = [1, 2, 3, 7, 13, 16, 31, 61, 67, 127, 251, 509, 521, 1031, 16_411]

  /// A digest of the bits for each kernel and size.
  static func digests() -> [String: String] {
    var digests: [String: String] = [:]
    for count in counts {
      for (name, values) in tiles(count) { digests["\(name) of \(count)"] = digest(values) }
      digests["adam of \(count)"] = digest([Float(0), 0.9].flatMap { adam(count, beta1: $0) })
      digests["sgd of \(count)"] = digest([(Float(0), false), (0.9, false), (0.7, true)].flatMap { sgd(count, $0.0, $0.1) })
      var stream = RandomStream(seed: UInt64(count), name: "levels")
      digests["normals of \(count)"] = digest(stream.normals(count))
      digests["maxima of \(count)"] = digest(maxima(count))
      digests["bytes of \(count)"] = digest(bytes(count))
    }
    for side in [1, 2, 3, 5, 7, 13, 16, 31, 67] { digests["pyramid of \(side)"] = digest(pyramid(side)) }
    for side in [7, 11, 13, 29, 64, 67] { digests["similarity of \(side)"] = digest(similarity(side)) }
    for (count, directions) in [(1, 1), (5, 7), (64, 13), (67, 12), (131, 23)] {
      digests["projection of \(count) on \(directions)"] = digest(projection(count, directions))
    }
    return digests
  }

  private static func digest<Number>(_ values: [Number]) -> String { values.withUnsafeBytes { Digest.sha256(Array($0)) } }

  /// Each instruction on rows and on single numbers, then its sums: over [3, 5, count].
  private static func tiles(_ count: Int) -> [String: [Float]] {
    typealias Operation = TileInstruction.Operation
    let rows: [(String, Operation)] = [
      ("addRR", .addRR), ("addRS", .addRS), ("subtractRR", .subtractRR), ("subtractRS", .subtractRS), ("subtractSR", .subtractSR),
      ("multiplyRR", .multiplyRR), ("multiplyRS", .multiplyRS), ("scaleR", .scaleR), ("offsetR", .offsetR),
      ("squareRootR", .squareRootR), ("reciprocalR", .reciprocalR), ("sigmoidR", .sigmoidR), ("tanhR", .tanhR), ("leakyR", .leakyR),
      ("slopeR", .slopeR), ("exponentialR", .exponentialR), ("logarithmR", .logarithmR), ("softplusR", .softplusR),
      ("multiplyAdd", .multiplyAdd), ("multiplySubtract", .multiplySubtract), ("scaleAddRR", .scaleAddRR),
      ("scaleAddRS", .scaleAddRS), ("multiplyLeaky", .multiplyLeaky), ("multiplySlope", .multiplySlope),
      ("accumulateR", .accumulateR),
      ("accumulateRR", .accumulateRR),
    ]
    let scalars: [(String, Operation)] = [
      ("addSS", .addSS), ("subtractSS", .subtractSS), ("multiplySS", .multiplySS), ("scaleS", .scaleS), ("offsetS", .offsetS),
      ("squareRootS", .squareRootS), ("reciprocalS", .reciprocalS), ("sigmoidS", .sigmoidS), ("tanhS", .tanhS), ("leakyS", .leakyS),
      ("slopeS", .slopeS), ("exponentialS", .exponentialS), ("logarithmS", .logarithmS), ("softplusS", .softplusS),
    ]
    let loads: [TileInstruction] = [
      .init(.loadR, dst: 0, a: 0), .init(.loadR, dst: 1, a: 1), .init(.loadR, dst: 2, a: 2), .init(.loadS, dst: 0, a: 3),
      .init(.loadS, dst: 1, a: 4), .init(.bindR, dst: 3, a: 0), .init(.copyR, dst: 3, a: 2),
    ]
    var results: [String: [Float]] = [:]
    for (name, operation) in rows {
      results[name] = tile(count, loads + [.init(operation, dst: 3, a: 0, b: 1, c: 2, value: -0.37)])
    }
    for (name, operation) in scalars {
      results[name] = tile(
        count, loads + [.init(operation, dst: 2, a: 0, b: 1, value: -0.37), .init(.addRS, dst: 3, a: 0, b: 2)], scalar: 2)
    }
    return results
  }

  private static func tile(_ count: Int, _ instructions: [TileInstruction], scalar: UInt8 = 0) -> [Float] {
    var block = TileProgram.Block(perRow: true)
    block.instructions =
      instructions + [
        .init(.sumR, dst: 0, a: 3), .init(.sumRR, dst: 1, a: 3, b: 1), .init(.sumS, dst: 2, a: scalar),
        .init(.sumRR, dst: 3, a: 0, b: 2),
      ]
    let (a, b) = (3, 5), plane = TileProgram.View(strideA: b * count, strideB: count)
    let program = TileProgram(
      space: .init(a: a, b: b, p: count), blocks: [block],
      inputs: [plane, plane, plane, .init(strideA: 0, strideB: 1), .init(strideA: 1, strideB: 0)], outputs: [plane],
      sums: [
        .init(keepsA: true, keepsB: true), .init(keepsA: false, keepsB: true), .init(keepsA: false, keepsB: false),
        .init(keepsA: true, keepsB: false),
      ], registers: 4)
    let sizes = [a * b * count, a * b * count, a * b * count, b, a]
    let operands = sizes.enumerated().map { index, size -> FloatBuffer in
      FloatBuffer(randomFloats(size, seed: UInt64(index + count)).map { 9 * $0 })
    }
    let outputs = [a * b * count, a * b, b, 1, a].map(unwritten)
    program.kernel().run(inputs: operands, outputs: outputs)
    return outputs.flatMap(\.values)
  }

  private static func adam(_ count: Int, beta1: Float) -> [Float] {
    let kernel = Kernel.adam(AdamSettings(beta1: beta1, beta2: 0.99, epsilon: 1e-8), counts: [count], averages: true)
    let outputs = (0..<(beta1 == 0 ? 3 : 4)).map { FloatBuffer(randomFloats(count, seed: UInt64($0)).map { abs($0) }) }
    for step in 1...3 {
      let numbers = FloatBuffer([0.01, 0.995, 0.1 * Float(step), 0.01 * Float(step)])
      kernel.run(inputs: [FloatBuffer(randomFloats(count, seed: UInt64(step + 9))), numbers], outputs: outputs)
    }
    return outputs.flatMap(\.values)
  }

  private static func sgd(_ count: Int, _ momentum: Float, _ isNesterov: Bool) -> [Float] {
    let kernel = Kernel.sgd(SGDSettings(momentum: momentum, isNesterov: isNesterov), counts: [count], averages: true)
    let outputs = (0..<(momentum == 0 ? 2 : 3)).map { FloatBuffer(randomFloats(count, seed: UInt64($0))) }
    for step in 1...3 {
      kernel.run(inputs: [FloatBuffer(randomFloats(count, seed: UInt64(step))), FloatBuffer([0.03, 0.9])], outputs: outputs)
    }
    return outputs.flatMap(\.values)
  }

  private static func maxima(_ count: Int) -> [Float] {
    [([3, count], [3, 1]), ([2, 3, count], [2, 1, count])].flatMap { from, to in
      let result = unwritten(to.reduce(1, *))
      Kernel.maximum(from: from, to: to).run(inputs: [FloatBuffer(randomFloats(from.reduce(1, *), seed: 6))], outputs: [result])
      return result.values
    }
  }

  private static func bytes(_ count: Int) -> [Float] {
    let numbers = randomFloats(count, seed: 2)
    var bytes = [UInt8](repeating: 9, count: count), decoded = [Float](repeating: 0, count: count)
    numbers.withUnsafeBufferPointer { ImageBytes.encode($0, range: -0.9...0.8, into: &bytes) }
    bytes.withUnsafeBufferPointer { ImageBytes.decode($0, offset: -127.3, into: &decoded) }
    return decoded
  }

  private static func pyramid(_ side: Int) -> [Float] {
    let planes = 3, image = FloatBuffer(randomFloats(planes * side * side, seed: 4)), scratch = unwritten(side + 8)
    defer { withExtendedLifetime(scratch) {} }
    let half = unwritten(planes * ((side + 1) / 2) * ((side + 1) / 2))
    ImagePyramid.halve(image.base, planes: planes, side: side, into: half.base, scratch: scratch.base)
    if side % 2 == 1 { return half.values }
    ImagePyramid.subtract(half.base, planes: planes, side: side / 2, from: image.base, scratch: scratch.base)
    let means = unwritten(planes * side / 2 * side / 2)
    ImagePyramid.average(image.base, planes: planes, side: side, into: means.base)
    return half.values + image.values + means.values
  }

  private static func similarity(_ side: Int) -> [Double] {
    let kernel = StructuralSimilarity(side: side, shift: 127.5)
    let images = (0..<2).map { randomFloats(side * side, seed: UInt64($0)).map { 100 * $0 } }
    let scratch = unwritten(kernel.scratchCount)
    let sums = withExtendedLifetime(scratch) { kernel.sums(images[0], images[1], scratch: scratch.base) }
    return [sums.similarity, sums.contrast]
  }

  private static func projection(_ count: Int, _ directions: Int) -> [Double] {
    let side = 11, width = 3, image = randomFloats(2 * side * side, seed: 3)
    let centers = (0..<2 * count).map { UInt16(1 + $0 * 5 % 9) }
    let matrix = PatchMatrix(count: count, planes: 2, width: width)
    matrix.cut(image, side: side, centers: centers[...], first: 0)
    let made = unwritten(directions * matrix.paddedCount), weights = randomFloats(directions * matrix.dims, seed: 4)
    matrix.project(
      panels: 0..<matrix.panelCount, weights: weights, offsets: randomFloats(directions, seed: 5), directions: directions,
      into: made.base)
    let (first, last) = (made.values, made.values.map { -0.7 * $0 })
    let difference = SortedDistance.absoluteDifference(first, last, count: first.count)
    let moments = matrix.moments(on: Lanes(count: 1)).flatMap { [$0.mean, $0.deviation] }
    return first.map { Double($0) } + moments + [difference]
  }
}
