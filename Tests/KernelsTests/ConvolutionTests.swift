import Testing

@testable import Kernels

@Suite("Convolution")
struct ConvolutionTests {
  @Test("Every slot agrees with the definition on odd shapes", arguments: ConvolutionCases.odd)
  func oddShapes(shape: ConvolutionShape) { check(shape, levels: ConvolutionHarness.levels) }

  @Test("Every slot agrees with the definition behind an upsampling", arguments: ConvolutionCases.upsampled)
  func upsampledShapes(shape: ConvolutionShape) { check(shape, levels: ConvolutionHarness.levels) }

  @Test("Every slot agrees with the definition on wide images", arguments: ConvolutionCases.wide)
  func wideShapes(shape: ConvolutionShape) { check(shape, levels: ConvolutionHarness.levels) }

  @Test("Every slot agrees with the definition where minimal filtering is used", arguments: ConvolutionCases.minimal)
  func minimalShapes(shape: ConvolutionShape) { check(shape, levels: ConvolutionHarness.levels) }

  @Test("The cases reach every family of kernels in every slot that has it")
  func families() {
    let shapes =
      ConvolutionCases.odd + ConvolutionCases.regular + ConvolutionCases.upsampled + ConvolutionCases.wide
      + ConvolutionCases.special + ConvolutionCases.minimal
    let wanted: [ConvolutionSlot: Set<String>] = [
      .output: ["columns", "rows", "winograd", "dense", "pointwise"],
      .image: ["columns", "rows", "winograd", "dense", "pointwise"],
      .filter: ["columns", "rows", "outer", "winograd", "dense", "pointwise"],
    ]
    for (slot, families) in wanted {
      #expect(Set(shapes.map { Kernel.convolution($0, slot).family }) == Set(families.map { "convolution." + $0 }), "\(slot)")
    }
  }

  @Test("Every slot agrees with the definition on the shapes of fast paths", arguments: ConvolutionCases.regular)
  func regularShapes(shape: ConvolutionShape) { check(shape, levels: ConvolutionHarness.levels) }

  @Test(
    "Every slot agrees with the definition on 1x1 filters and on filters as large as the image", arguments: ConvolutionCases.special
  )
  func specialShapes(shape: ConvolutionShape) { check(shape, levels: ConvolutionHarness.levels) }

  @Test("The three slots are derivatives of one trilinear form", arguments: ConvolutionCases.regular.prefix(20))
  func trilinear(shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 7)
    let forms = ConvolutionSlot.allCases.map { slot in
      let values = ConvolutionHarness(shape: shape, slot: slot).run(operands).values
      return zip(values, operands[slot.rawValue]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
    let terms = (shape.flops / 2).squareRoot()
    #expect(abs(forms[0] - forms[1]) < 1e-4 * terms)
    #expect(abs(forms[0] - forms[2]) < 1e-4 * terms)
  }

  @Test(
    "The order of the units and their lane do not change a bit",
    arguments: ConvolutionCases.regular + ConvolutionCases.upsampled + ConvolutionCases.wide + ConvolutionCases.special
      + ConvolutionCases.minimal)
  func order(shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 11)
    for slot in ConvolutionSlot.allCases {
      let results = UnitOrder.allCases.map {
        ConvolutionHarness(shape: shape, slot: slot, order: $0).run(operands).values.map(\.bitPattern)
      }
      #expect(results[0] == results[1] && results[0] == results[2], "\(slot)")
    }
  }

  @Test(
    "A result can be added to other values, also in place",
    arguments: ConvolutionCases.regular.prefix(24) + ConvolutionCases.special + ConvolutionCases.minimal)
  func accumulating(shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 5)
    for slot in ConvolutionSlot.allCases {
      var harness = ConvolutionHarness(shape: shape, slot: slot, accumulating: true)
      let expected = harness.expected(operands)
      for inPlace in [false, true] {
        harness.inPlace = inPlace
        let outcome = harness.run(operands)
        #expect(harness.deviation(outcome.values, from: expected) < 1, "\(slot), in place: \(inPlace)")
        #expect(outcome.guardsIntact, "\(slot), in place: \(inPlace)")
      }
    }
  }

  private func check(_ shape: ConvolutionShape, levels: [Int]) {
    let operands = ConvolutionHarness.operands(shape, seed: 3)
    for slot in ConvolutionSlot.allCases {
      let expected = ConvolutionHarness(shape: shape, slot: slot).expected(operands)
      for level in levels {
        let harness = ConvolutionHarness(shape: shape, slot: slot, level: level)
        let outcome = harness.run(operands)
        #expect(harness.deviation(outcome.values, from: expected) < 1, "\(slot) at level \(level)")
        #expect(outcome.guardsIntact, "\(slot) at level \(level)")
      }
    }
  }
}
