import Basics
import Testing

@testable import Comparison
@testable import Spec

@Suite struct RetainedTextTests {
  private static let spec = (0..<200).map { "a\($0): value\($0)\n" }.joined()

  @Test func `what a hundred thousand runs have in common is kept once`() throws {
    let settings = try SpecSettings(Array(Self.spec.utf8), file: "spec.yaml")
    let retained = RetainedText()
    for _ in 0..<100_000 { try retained.add(["runs/x/v001"], settings) }
  }

  @Test func `what runs do not have in common finds an end`() throws {
    let retained = RetainedText()
    var (count, kept) = (0, [SpecSettings]())
    #expect(throws: RetainedText.Full.self) {
      for _ in 0..<20_000 {
        let settings = SpecSettings((0..<200).map { SpecSettings.Setting(path: "a\($0)", value: "value\($0)") })
        try retained.add(["runs/x/v001"], settings)
        kept.append(settings)
        count += 1
      }
    }
    #expect(count > 1000 && count == kept.count)
    // One that found no room takes none.
    try retained.add([], kept[0])
  }
}
