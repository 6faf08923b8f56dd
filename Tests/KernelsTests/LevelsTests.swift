import Basics
import CKernels
import Foundation
import Testing

@testable import Kernels

/// The law of bytes: all processors with AVX2 and FMA compute the same bits, whatever else they have.
@Suite struct LevelsTests {
  /// The levels with fused multiply-adds that this processor has.
  private static let levels = (1...2).filter { $0 <= fk_cpu_level() }

  /// Sides of the networks with unequal channels, most of them prime, and extents that fill no panel or more than one.
  static let shapes: [ConvolutionShape] = {
    var shapes: [ConvolutionShape] = []
    for (index, side) in [4, 8, 16, 32, 64, 128].enumerated() {
      for (inputs, outputs) in side > 32 ? [(3, 5), (17, 11)] : [(3, 17), (16, 3), (19, 13), (67, 37)] {
        for upsampling in [1, 2] {
          shapes.append(
            ConvolutionShape(
              batch: side > 32 ? 2 : 7, inputs: inputs, outputs: outputs, height: side / upsampling, width: side / upsampling,
              filterHeight: 3, filterWidth: 3, padding: 1, border: (index + inputs) % 2 == 0 ? .zeros : .reflect,
              upsampling: upsampling))
        }
        shapes.append(
          ConvolutionShape(
            batch: 3, inputs: inputs, outputs: outputs, height: side, width: side, filterHeight: 1, filterWidth: 1))
      }
    }
    for (height, width) in [(12, 4), (16, 4), (32, 4), (64, 4), (12, 8), (16, 8), (32, 8), (20, 8), (13, 4), (5, 23), (4, 80)] {
      for border in [Border.zeros, .reflect] {
        for (inputs, outputs) in [(8, 11), (19, 8), (3, 5)] {
          shapes.append(
            ConvolutionShape(
              batch: 5, inputs: inputs, outputs: outputs, height: height, width: width, filterHeight: 3, filterWidth: 3,
              padding: 1, border: border))
        }
      }
    }
    return shapes
  }()

  @Test(arguments: ConvolutionCases.all + shapes)
  func `every algorithm that fits a convolution gives the same bits at each level`(shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 13)
    for slot in ConvolutionSlot.allCases {
      for accumulating in [false, true] {
        let harness = ConvolutionHarness(shape: shape, slot: slot, accumulating: accumulating)
        let fitting = Self.levels.map { harness.fitting(level: $0) }
        for other in fitting.dropFirst() {
          let names = [fitting[0], other].map { $0.map { $0.algorithm!.name } }
          #expect(names[0] == names[1], "\(slot)")
          if names[0] != names[1] { continue }
          for (one, two) in zip(fitting[0], other) {
            let (a, b) = (one.run(operands), two.run(operands))
            let isSame = a.values.withUnsafeBytes { a in
              b.values.withUnsafeBytes { b in memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0 }
            }
            #expect(isSame && a.guardsIntact && b.guardsIntact, "\(slot) by \(two.name)")
          }
        }
      }
    }
  }

  /// What follows a piece adds up its pixels, one sum for each piece.
  @Test(arguments: ConvolutionCases.all + shapes)
  func `the pieces of a convolution are the same at each level, plain processors included`(shape: ConvolutionShape) {
    for slot in ConvolutionSlot.allCases {
      let all = ConvolutionHarness.levels.map { level in
        ConvolutionHarness(shape: shape, slot: slot).fitting(level: level).map { harness in
          let pieces = harness.algorithm!.init(problem: harness.problem).kernel().pieces
          let extents = pieces?.extents.map { "\($0.image) \($0.pixels)" } ?? []
          return [harness.algorithm!.name, "\(pieces?.units ?? 0)", "\(pieces?.local == nil)"] + extents
        }
      }
      let isSame = all.allSatisfy { $0 == all[0] }
      #expect(isSame, "\(slot)")
    }
  }

  @Test func `all other kernels give the same bits with AVX2 alone`() async {
    if Self.levels.isEmpty { return }
    let expected: [String: String] = LevelBits.digests()
    await #expect(processExitsWith: .success) { [expected = expected as [String: String]] in
      setenv("FADEIN_CPU", "v3", 1)
      try #require(fk_cpu_level() == 1)
      let digests = LevelBits.digests()
      for (name, digest) in expected { #expect(digests[name] == digest, "\(name)") }
      try #require(digests == expected)
    }
  }
}
