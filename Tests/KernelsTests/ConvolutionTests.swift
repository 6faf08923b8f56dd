import Testing

@testable import Kernels

@Suite("Convolution")
struct ConvolutionTests {
  @Test("Every slot agrees with the definition on odd shapes", arguments: ConvolutionCases.odd)
  func oddShapes(shape: ConvolutionShape) { check(shape) }

  @Test("Every slot agrees with the definition behind an upsampling", arguments: ConvolutionCases.upsampled)
  func upsampledShapes(shape: ConvolutionShape) { check(shape) }

  @Test("Every slot agrees with the definition on wide images", arguments: ConvolutionCases.wide)
  func wideShapes(shape: ConvolutionShape) { check(shape) }

  @Test("Every slot agrees with the definition where minimal filtering is used", arguments: ConvolutionCases.minimal)
  func minimalShapes(shape: ConvolutionShape) { check(shape) }

  @Test("The cases choose every algorithm in every slot that it has")
  func everyAlgorithm() {
    for slot in ConvolutionSlot.allCases {
      let chosen = ConvolutionCases.all.map { Kernel.convolutions($0, slot)[0].algorithm }
      #expect(Set(chosen) == Set(ConvolutionAlgorithms.all.filter { $0.slots.contains(slot) }.map { $0.name }), "\(slot)")
    }
  }

  @Test("Every slot agrees with the definition on the shapes of fast paths", arguments: ConvolutionCases.regular)
  func regularShapes(shape: ConvolutionShape) { check(shape) }

  @Test(
    "Every slot agrees with the definition on 1x1 filters and on filters as large as the image", arguments: ConvolutionCases.special
  )
  func specialShapes(shape: ConvolutionShape) { check(shape) }

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

  @Test("The order of the units and their lane do not change a bit", arguments: ConvolutionCases.all)
  func order(shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 11)
    for slot in ConvolutionSlot.allCases {
      for var harness in ConvolutionHarness(shape: shape, slot: slot).fitting() {
        let results = UnitOrder.allCases.map { order in
          harness.order = order
          return harness.run(operands).values.map(\.bitPattern)
        }
        #expect(results[0] == results[1] && results[0] == results[2], "\(slot) by \(harness.name)")
      }
    }
  }

  @Test(
    "A result can be added to other values, also in place",
    arguments: ConvolutionCases.regular.prefix(24) + ConvolutionCases.special + ConvolutionCases.minimal)
  func accumulating(shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 5)
    for slot in ConvolutionSlot.allCases {
      let chosen = ConvolutionHarness(shape: shape, slot: slot, accumulating: true), expected = chosen.expected(operands)
      for var harness in ConvolutionHarness.levels.flatMap({ chosen.fitting(level: $0) }) {
        for inPlace in [false, true] {
          harness.inPlace = inPlace
          let outcome = harness.run(operands)
          #expect(harness.deviation(outcome.values, from: expected) < 1, "\(slot) by \(harness.name), in place: \(inPlace)")
          #expect(outcome.guardsIntact, "\(slot) by \(harness.name), in place: \(inPlace)")
        }
      }
    }
  }

  /// By every algorithm that fits, at every level.
  private func check(_ shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 3)
    for slot in ConvolutionSlot.allCases {
      let chosen = ConvolutionHarness(shape: shape, slot: slot), expected = chosen.expected(operands)
      for harness in ConvolutionHarness.levels.flatMap({ chosen.fitting(level: $0) }) {
        let outcome = harness.run(operands)
        #expect(harness.deviation(outcome.values, from: expected) < 1, "\(slot) by \(harness.name)")
        #expect(outcome.guardsIntact, "\(slot) by \(harness.name)")
      }
    }
  }
}
