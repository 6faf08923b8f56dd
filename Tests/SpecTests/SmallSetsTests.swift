import Basics
import Testing

@testable import Spec

/// What an evaluation cannot say, in one sentence each.
@Suite struct SmallSetsTests {
  private func notes(_ values: [String: Double]) -> [String] { SmallSets.notes { values[$0] } }

  @Test func `a floor is noted above the bound, and who is too few`() {
    func swd(_ floor: Double, compared: Double = 50, drawn: Double = 1024) -> [String] {
      notes(["floor.swd_mean": floor, "count.swd": compared, "count.drawn": drawn])
    }
    #expect(swd(12).isEmpty && swd(SmallSets.highestFloor).isEmpty && swd(.infinity).isEmpty && swd(.nan).isEmpty)
    #expect(
      swd(36.7) == [
        "training images differ by 37 in swd_mean among themselves: there are too few of them for smaller differences to mean anything"
      ])
    #expect(
      swd(36.7, compared: 64, drawn: 64) == [
        "training images differ by 37 in swd_mean among themselves: record.evaluate.images asks for too few, 64, for smaller "
          + "differences to mean anything"
      ])
    #expect(notes([:]).isEmpty)
  }

  @Test func `images less alike than training images are noise, unless the pairs explain it`() {
    func similarity(_ drawn: Double, floor: Double, images: Double, real: Double) -> [String] {
      notes(["ms_ssim": drawn, "floor.ms_ssim": floor, "count.drawn": images, "count.real": real])
    }
    // Three times 0.2 times the root of 1/512 + 1/320.
    #expect(abs(SmallSets.margin(drawn: 1024, real: 640) - 0.0428) < 1e-4)
    #expect(similarity(0.33, floor: 0.38, images: 1024, real: 640) == [SmallSets.noise])
    #expect(similarity(0.33, floor: 0.38, images: 1024, real: 100).isEmpty)
    #expect(similarity(0.9, floor: 0.38, images: 1024, real: 640).isEmpty)
    #expect(similarity(.nan, floor: 0.38, images: 1024, real: 640).isEmpty)
  }

  @Test(arguments: 0..<100 as Range<UInt64>) func `more images never have a wider margin`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "margin")
    let (drawn, real) = (Double(2 + stream.below(5000)), Double(2 + stream.below(5000)))
    let margin = SmallSets.margin(drawn: drawn, real: real)
    #expect(
      margin > 0 && SmallSets.margin(drawn: drawn + 1, real: real) <= margin
        && SmallSets.margin(drawn: drawn, real: real + 1) <= margin)
  }
}
