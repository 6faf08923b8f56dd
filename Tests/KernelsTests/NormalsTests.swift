import Basics
import CKernels
import Foundation
import Testing

@testable import Kernels

@Suite struct NormalsTests {
  private static let count = 400_000

  @Test func `moments and quantiles are those of the normal distribution`() {
    var stream = RandomStream(seed: 11, name: "normals")
    let values = stream.normals(Self.count).map { Double($0) }
    let n = Double(Self.count)
    let sum = values.reduce(0, +), squares = values.reduce(0) { $0 + $1 * $1 }
    let cubes = values.reduce(0) { $0 + $1 * $1 * $1 }, fourths = values.reduce(0) { $0 + $1 * $1 * $1 * $1 }
    // Five of each estimate's deviations: 1, sqrt 2, sqrt 15 and sqrt 96 over sqrt n.
    let five = 5 / n.squareRoot()
    #expect(abs(sum / n) < five && abs(squares / n - 1) < five * 1.42)
    #expect(abs(cubes / n) < five * 3.9 && abs(fourths / n - 3) < five * 9.8)
    for (bound, share) in [(-2.0, 0.022750), (-1, 0.158655), (0, 0.5), (0.674490, 0.75), (1.959964, 0.975), (3, 0.998650)] {
      let below = Double(values.reduce(0) { $0 + ($1 < bound ? 1 : 0) }) / n
      #expect(abs(below - share) < 5 * (share * (1 - share) / n).squareRoot(), "share below \(bound)")
    }
    let neighbors = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / n
    #expect(abs(neighbors) < five)
    // 24 random bits in the radius: nothing beyond sqrt(48 ln 2), and 400,000 numbers go beyond 4.
    let largest = values.map(abs).max()!
    #expect(largest > 4 && largest <= 5.768)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 13, 64, 101])
  func `any count gives the beginning of the same numbers`(count: Int) {
    var (long, short) = (RandomStream(seed: 2, name: "latent"), RandomStream(seed: 2, name: "latent"))
    let all = long.normals(128)
    #expect(short.normals(count) == Array(all.prefix(count)))
    #expect(short.position == UInt64((count + 3) / 4))
    // The next draw takes up at the next block.
    #expect(short.normals(4) == Array(all[Int(4 * ((count + 3) / 4))...].prefix(4)))
  }

  @Test func `normals are their definition`() { #expect(agreesWithDefinition()) }

  @Test func `plain processors give the same bits`() async {
    await #expect(processExitsWith: .success) {
      setenv("FADEIN_CPU", "default", 1)
      try #require(fk_cpu_level() == 0 && agreesWithDefinition())
    }
  }

  @Test func `processors with AVX2 give the same bits`() async {
    await #expect(processExitsWith: .success) {
      setenv("FADEIN_CPU", "v3", 1)
      try #require(fk_cpu_level() <= 1 && agreesWithDefinition())
    }
  }
}

/// Whether the kernel gives, bit for bit, what plain arithmetic on single numbers gives.
private func agreesWithDefinition() -> Bool {
  var stream = RandomStream(seed: 5, name: "bits", position: UInt64(UInt32.max) - 500)
  let (key, first) = (stream.key, stream.position)
  let values = stream.normals(4000)
  return (0..<1000).allSatisfy { block in
    let word = RandomStream.philox(counter: first + UInt64(block), key: key)
    let expected = normalPair(word.0, word.1) + normalPair(word.2, word.3)
    return zip(values[4 * block..<4 * block + 4], expected).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}

/// Box and Muller's transform by the kernel's formulas.
private func normalPair(_ radius: UInt32, _ angle: UInt32) -> [Float] {
  let u = Float((radius >> 8) + 1) * 0x1p-24
  var bits = Int32(bitPattern: u.bitPattern)
  let e = (bits - 0x3f35_04f3) >> 23
  bits -= e << 23
  let m = Float(bitPattern: UInt32(bitPattern: bits))
  let s = (m - 1) / (m + 1)
  let z = s * s
  let p = ((0.11111111 * z + 0.14285714) * z + 0.2) * z + Float(0.33333333)
  let tail = s * z * p
  let logarithm = Float(e) * 0.69314718 + 2 * (s + tail)
  let r = (-2 * logarithm).squareRoot()
  let x = (Float((angle >> 8) & 0x3fffff) * 0x1p-24 - 0.125) * 6.28318531
  let y = x * x
  let cubic = 8.3333333e-3 + y * Float(-1.9841270e-4)
  let sine = x * (1 + y * (-0.16666667 + y * cubic))
  let quartic = -1.3888889e-3 + y * Float(2.4801587e-5)
  let cosine = 1 + y * (-0.5 + y * (4.1666667e-2 + y * quartic))
  let quarter = angle >> 30
  let (a, b) = quarter & 1 == 1 ? (-sine, cosine) : (cosine, sine)
  return quarter & 2 == 2 ? [-r * a, -r * b] : [r * a, r * b]
}
