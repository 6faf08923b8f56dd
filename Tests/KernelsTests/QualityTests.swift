import CKernels
import Foundation
import Testing

@testable import Kernels

/// The loops of the quality metrics against their definitions, on sides that are no multiples of anything.
@Suite struct QualityTests {
  private static let scratchCount = 1024

  @Test(arguments: [1, 2, 3, 5, 7, 13, 16, 31])
  func `half a pyramid level is each second pixel of the blurred one`(side: Int) {
    let planes = 3, half = (side + 1) / 2
    let image = randomFloats(planes * side * side, seed: UInt64(side)).map { 200 * $0 }
    let (made, scratch) = (unwritten(planes * half * half), unwritten(Self.scratchCount))
    ImagePyramid.halve(image, planes: planes, side: side, into: made.base, scratch: scratch.base)
    let expected = (0..<planes).flatMap { plane -> [Double] in
      let blurred = Reference.blurred(plane: plane, of: image.map(Double.init), side: side, gain: 1)
      return (0..<half * half).map { blurred[2 * ($0 / half) * side + 2 * ($0 % half)] }
    }
    #expect(agree(made.values, expected, 200))
  }

  @Test(arguments: [1, 2, 3, 5, 7, 11, 16])
  func `a Laplacian level lacks what its half can tell`(side: Int) {
    let planes = 2, large = 2 * side
    let half = randomFloats(planes * side * side, seed: 5).map { 200 * $0 }
    let image = randomFloats(planes * large * large, seed: 6).map { 200 * $0 }
    let (made, scratch) = (FloatBuffer(image), unwritten(Self.scratchCount))
    ImagePyramid.subtract(half, planes: planes, side: side, from: made.base, scratch: scratch.base)
    var spread = [Double](repeating: 0, count: image.count)
    for index in half.indices {
      let (plane, y, x) = (index / (side * side), index / side % side, index % side)
      spread[(plane * large + 2 * y) * large + 2 * x] = Double(half[index])
    }
    let expected = (0..<planes).flatMap { plane -> [Double] in
      let enlarged = Reference.blurred(plane: plane, of: spread, side: large, gain: 4)
      return enlarged.indices.map { Double(image[plane * large * large + $0]) - enlarged[$0] }
    }
    #expect(agree(made.values, expected, 200))
  }

  @Test func `pixels are averaged by fours`() {
    let image = randomFloats(2 * 6 * 6, seed: 1)
    let made = unwritten(2 * 3 * 3)
    ImagePyramid.average(image, planes: 2, side: 6, into: made.base)
    let expected = (0..<18).map { i -> Double in
      let corner = i / 9 * 36 + i / 3 % 3 * 12 + i % 3 * 2
      return (Double(image[corner]) + Double(image[corner + 1]) + Double(image[corner + 6]) + Double(image[corner + 7])) / 4
    }
    #expect(agree(made.values, expected, 1))
  }

  @Test(arguments: [(1, 1), (5, 7), (63, 6), (64, 13), (67, 12), (131, 1)])
  func `projections are products of patches and directions`(count: Int, directions: Int) {
    let side = 11, width = 3, planes = 2
    let image = randomFloats(planes * side * side, seed: 3)
    let centers = (0..<count).flatMap { patch -> [UInt16] in
      let (x, y) = (1 + patch * 5 % 9, 1 + patch * 7 % 9)
      return [UInt16(x), UInt16(y)]
    }
    let matrix = PatchMatrix(count: count, planes: planes, width: width)
    // In two pieces, which a panel may be shared by.
    let cut = count / 3
    matrix.cut(image, side: side, centers: centers[(2 * cut)...], first: cut)
    matrix.cut(image, side: side, centers: centers[..<(2 * cut)], first: 0)
    let weights = randomFloats(directions * matrix.dims, seed: 4)
    let offsets = randomFloats(directions, seed: 5)
    let made = unwritten(directions * matrix.paddedCount)
    matrix.project(
      panels: 0..<matrix.panelCount, weights: weights, offsets: offsets, directions: directions, into: made.base)
    let patches = (0..<count).map { q -> [Double] in
      let (x, y) = (Int(centers[2 * q]), Int(centers[2 * q + 1]))
      return (0..<planes * 9).map { element in
        let (plane, row, column) = (element / 9, element / 3 % 3, element % 3)
        return Double(image[(plane * side + y - 1 + row) * side + x - 1 + column])
      }
    }
    for direction in 0..<directions {
      let own = weights[(direction * matrix.dims)...]
      let expected = patches.map { patch -> Double in
        zip(patch, own).reduce(Double(offsets[direction])) { sum, pair in sum + pair.0 * Double(pair.1) }
      }
      #expect(agree((0..<count).map { made.base[direction * matrix.paddedCount + $0] }, expected, Double(matrix.dims)))
    }
    for (plane, moments) in matrix.moments(on: Lanes(count: 2)).enumerated() {
      let values = patches.flatMap { $0[plane * 9..<(plane + 1) * 9] }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares: Double = values.reduce(0) { sum, value in sum + (value - mean) * (value - mean) }
      let variance = squares / Double(values.count)
      #expect(abs(moments.mean - mean) < 1e-12 && abs(moments.deviation - variance.squareRoot()) < 1e-7)
    }
  }

  @Test(arguments: [0, 1, 2, 3, 17, 127, 128, 2049, 10007])
  func `sorting puts every number in its place`(count: Int) {
    var values = randomFloats(count, seed: UInt64(count)).map { ($0 * 1000).rounded() / 7 }
    for (index, special) in [
      Float.infinity, -0, 0, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ].enumerated()
    where index < count { values[index * 101 % count] = special }
    let (buffer, scratch) = (FloatBuffer(values), unwritten(count))
    SortedDistance.sort(UnsafeMutableBufferPointer(start: buffer.base, count: count), scratch: scratch.base)
    #expect(buffer.values == values.sorted())
  }

  @Test(arguments: [0, 1, 15, 16, 17, 101])
  func `differences of sorted numbers add up`(count: Int) {
    let (a, b) = (randomFloats(count, seed: 1), randomFloats(count, seed: 2))
    let expected = zip(a, b).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    #expect(abs(SortedDistance.absoluteDifference(a, b, count: count) - expected) < 1e-9)
    #expect(SortedDistance.absoluteDifference(a, a, count: count) == 0)
  }

  @Test(arguments: [1, 2, 3, 7, 11, 13, 29])
  func `similarity is its formula at every place of the window`(side: Int) {
    let shift: Float = 128
    let a = randomFloats(side * side, seed: 7).map { (255 * abs($0)).rounded() - shift }
    let b = zip(a, randomFloats(side * side, seed: 8)).map { $0 + 30 * $1 }
    let kernel = StructuralSimilarity(side: side, shift: shift)
    let scratch = unwritten(kernel.scratchCount)
    let sums = kernel.sums(a, b, scratch: scratch.base)
    let expected = Reference.similarity(a.map { Double($0 + shift) }, b.map { Double($0 + shift) }, side: side)
    #expect(abs(sums.similarity - expected.similarity) < 1e-4 * Double(kernel.places))
    #expect(abs(sums.contrast - expected.contrast) < 1e-4 * Double(kernel.places))
    let same = kernel.sums(a, a, scratch: scratch.base)
    #expect(abs(same.similarity - Double(kernel.places)) < 1e-5 * Double(kernel.places))
  }

  @Test(arguments: [(1, 1), (3, 5), (17, 31), (101, 3072)])
  func `the nearest image is the one with the least squares`(count: Int, size: Int) {
    func samples(_ count: Int, _ seed: UInt64) -> [UInt8] { randomFloats(count, seed: seed).map { UInt8(min(255, abs($0) * 256)) } }
    let (image, others) = (samples(size, 1), samples(count * size, 2))
    let squares = (0..<count).map { other -> Int in
      zip(image, others[(other * size)...]).reduce(0) { sum, pair in
        let difference = Int(pair.0) - Int(pair.1)
        return sum + difference * difference
      }
    }
    func find(_ skipped: Int?) -> (index: Int, squares: Int)? {
      image.withUnsafeBufferPointer { image in
        others.withUnsafeBufferPointer { NearestImage.find(image, among: $0, skipping: skipped) }
      }
    }
    let least = squares.min()!
    let index = squares.firstIndex(of: least)!
    #expect(find(nil)! == (index, least))
    let rest = squares.enumerated().filter { $0.offset != index }
    let second = rest.min { $0.element < $1.element }
    #expect(find(index)?.squares == second?.element && find(index)?.index == second?.offset)
  }

  @Test func `the most different images do not overflow`() {
    let (white, black) = (
      [UInt8](repeating: 255, count: NearestImage.largestCount), [UInt8](repeating: 0, count: NearestImage.largestCount)
    )
    let found = white.withUnsafeBufferPointer { white in black.withUnsafeBufferPointer { NearestImage.find(white, among: $0) } }
    #expect(found?.squares == 255 * 255 * NearestImage.largestCount)
  }

  @Test func `bytes are rounded and saturated`() {
    let numbers: [Float] = [-3, -1, -0.5, 0, 0.5, 1, 7, .nan, .infinity, -.infinity, 1 / 255]
    var bytes = [UInt8](repeating: 9, count: numbers.count)
    numbers.withUnsafeBufferPointer { ImageBytes.encode($0, range: -1...1, into: &bytes) }
    #expect(bytes == [0, 0, 64, 128, 191, 255, 255, 0, 255, 0, 128])
    var decoded = [Float](repeating: 0, count: 3)
    [UInt8](arrayLiteral: 0, 128, 255).withUnsafeBufferPointer { ImageBytes.decode($0, offset: -128, into: &decoded) }
    #expect(decoded == [-128, 0, 127])
  }

  @Test func `plain processors agree too`() async {
    await #expect(processExitsWith: .success) {
      setenv("FADEIN_CPU", "default", 1)
      try #require(fk_cpu_level() == 0)
      for size in [(5, 7), (67, 12)] {
        QualityTests().`projections are products of patches and directions`(count: size.0, directions: size.1)
      }
      QualityTests().`similarity is its formula at every place of the window`(side: 29)
      QualityTests().`the nearest image is the one with the least squares`(count: 17, size: 31)
    }
  }

  private func agree(_ made: [Float], _ expected: [Double], _ scale: Double) -> Bool {
    made.count == expected.count && zip(made, expected).allSatisfy { abs(Double($0) - $1) <= 1e-6 * scale }
  }
}

/// The definitions, number by number.
private enum Reference {
  static func mirrored(_ i: Int, _ n: Int) -> Int {
    var i = i
    while n > 1, i < 0 || i >= n { i = i < 0 ? -i : 2 * (n - 1) - i }
    return n == 1 ? 0 : i
  }

  static func blurred(plane: Int, of image: [Double], side: Int, gain: Double) -> [Double] {
    let taps = [1.0, 4, 6, 4, 1]
    return (0..<side * side).map { place in
      var sum = 0.0
      for (i, vertical) in taps.enumerated() {
        for (j, horizontal) in taps.enumerated() {
          let (y, x) = (mirrored(place / side + i - 2, side), mirrored(place % side + j - 2, side))
          sum += vertical * horizontal / 256 * gain * image[(plane * side + y) * side + x]
        }
      }
      return sum
    }
  }

  static func similarity(_ a: [Double], _ b: [Double], side: Int) -> (similarity: Double, contrast: Double) {
    let size = min(11, side), deviation = 1.5 * Double(size) / 11
    var window = (0..<size * size).map { place in
      let (y, x) = (Double(place / size) - Double(size - 1) / 2, Double(place % size) - Double(size - 1) / 2)
      return exp(-(x * x + y * y) / (2 * deviation * deviation))
    }
    let sum = window.reduce(0, +)
    window = window.map { $0 / sum }
    var total = (similarity: 0.0, contrast: 0.0)
    let (c1, c2) = (2.55 * 2.55, 7.65 * 7.65)
    for y in 0...side - size {
      for x in 0...side - size {
        func mean(_ value: (Int) -> Double) -> Double {
          window.indices.reduce(0) { $0 + window[$1] * value((y + $1 / size) * side + x + $1 % size) }
        }
        let (m1, m2) = (mean { a[$0] }, mean { b[$0] })
        let v1 = mean { (a[$0] - m1) * (a[$0] - m1) }, v2 = mean { (b[$0] - m2) * (b[$0] - m2) }
        let contrast = (2 * mean { (a[$0] - m1) * (b[$0] - m2) } + c2) / (v1 + v2 + c2)
        total.contrast += contrast
        total.similarity += contrast * (2 * m1 * m2 + c1) / (m1 * m1 + m2 * m2 + c1)
      }
    }
    return total
  }
}
