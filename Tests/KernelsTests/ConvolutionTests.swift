import Testing

@testable import Kernels

@Suite("Convolution")
struct ConvolutionTests {
  @Test(arguments: ConvolutionCases.odd)
  func `every slot agrees with the definition on odd shapes`(shape: ConvolutionShape) { check(shape) }

  @Test(arguments: ConvolutionCases.upsampled)
  func `every slot agrees with the definition behind an upsampling`(shape: ConvolutionShape) { check(shape) }

  @Test(arguments: ConvolutionCases.wide)
  func `every slot agrees with the definition on wide images`(shape: ConvolutionShape) { check(shape) }

  @Test(arguments: ConvolutionCases.minimal)
  func `every slot agrees with the definition where minimal filtering is used`(shape: ConvolutionShape) { check(shape) }

  @Test(arguments: ConvolutionCases.tiles)
  func `every slot agrees with the definition where tiles are filtered`(shape: ConvolutionShape) { check(shape) }

  @Test(arguments: ConvolutionCases.grouped)
  func `every slot of groups agrees with the definition`(shape: ConvolutionShape) { check(shape) }

  @Test
  func `the cases choose every algorithm in every slot that it has`() {
    for slot in ConvolutionSlot.allCases {
      let chosen = ConvolutionCases.all.map { Kernel.convolutions($0, slot)[0].algorithm }
      #expect(Set(chosen) == Set(ConvolutionAlgorithms.all.filter { $0.slots.contains(slot) }.map { $0.name }), "\(slot)")
    }
  }

  @Test(arguments: ConvolutionCases.regular)
  func `every slot agrees with the definition on the shapes of fast paths`(shape: ConvolutionShape) { check(shape) }

  @Test(
    arguments: ConvolutionCases.special
  )
  func `every slot agrees with the definition on 1x1 filters and on filters as large as the image`(shape: ConvolutionShape) {
    check(shape)
  }

  @Test(arguments: ConvolutionCases.regular.prefix(20))
  func `the three slots are derivatives of one trilinear form`(shape: ConvolutionShape) {
    let operands = ConvolutionHarness.operands(shape, seed: 7)
    let forms = ConvolutionSlot.allCases.map { slot in
      let values = ConvolutionHarness(shape: shape, slot: slot).run(operands).values
      return zip(values, operands[slot.rawValue]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
    let terms = (shape.flops / 2).squareRoot()
    #expect(abs(forms[0] - forms[1]) < 1e-4 * terms)
    #expect(abs(forms[0] - forms[2]) < 1e-4 * terms)
  }

  @Test(arguments: ConvolutionCases.all)
  func `the order of the units and their lane do not change a bit`(shape: ConvolutionShape) {
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

  private static let added: [ConvolutionShape] =
    Array(ConvolutionCases.regular.prefix(24)) + ConvolutionCases.special + ConvolutionCases.minimal + ConvolutionCases.grouped

  @Test(arguments: added)
  func `a result can be added to other values, also in place`(shape: ConvolutionShape) {
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
