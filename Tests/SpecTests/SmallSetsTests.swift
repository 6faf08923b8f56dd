import Testing

@testable import Spec

@Suite struct SmallSetsTests {
  @Test func `a floor is noted above the bound and not where it says nothing`() {
    #expect(SmallSets.note(swdFloor: 12) == nil && SmallSets.note(swdFloor: SmallSets.highestFloor) == nil)
    #expect(SmallSets.note(swdFloor: .infinity) == nil && SmallSets.note(swdFloor: .nan) == nil)
    #expect(SmallSets.note(swdFloor: 36.7)?.contains("differ by 37 in swd_mean") == true)
  }
}
