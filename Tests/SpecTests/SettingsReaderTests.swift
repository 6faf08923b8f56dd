import Basics
import Testing

@testable import Spec

@Suite struct SettingsReaderTests {
  /// Specs in which a value stands in ways that look alike.
  private static let templates = [
    "version: 1\nseed: @\noptimizer:\n  adam:\n    rate: @\nname: x\n", "a: {b: @, c: 2}\nd: @\n", "a: |\n  b: @\nb: @\n",
    "a: >-\n  b: @\n", "a: \"x\n  b: @\n  y\"\nb: @\n", "list:\n  - a: @\n    b: @\n  - a: 1\n    b: @\n", "a: [1, @]\nb: 'q'\n",
    "a:\n  b: @\nc:\n  b: @\n", "a: @ # note\nb: @\n", "a: @", "a:\n  - @\n  - x\n", "? a\n: @\n", "a: {\n  b: @\n}\nb: @\n",
    "a.b: @\na:\n  b: @\n", "a: x\n  y @\nb: @\n", "a: @\r\nb: @\r\n", "  a: @\n  b: @\n", "a:\n- b: @\n- b: @\n",
  ]
  private static let values = [
    "1", "1e-3", "-5", "0x1F", "010", "true", "null", "~", "", "abc", "a b", "'q'", "\"q\"", "[1]", "{a: 1}", "-", "--", "---",
    "- 1", "x: y",
    "#c", "a #c", "*x", "&x", "!t", "| ", "2\nb: 3", "1_000", ".5", "+1", "...", "é", "1:30", "%x", "@", "`", "a\t", "b:",
  ]

  /// What parsing says: all settings, or that there are none.
  private func parsed(_ text: String) -> [SpecSettings.Setting]? { try? SpecSettings(Array(text.utf8), file: "s").items }

  @Test(arguments: 0..<60 as Range<UInt64>) func `a spec read after others is what it is read alone`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "specs")
    let reader = SpecSettingsReader()
    for _ in 0..<200 {
      let template = Self.templates[stream.below(seed % 3 == 0 ? Self.templates.count : 3)]
      let text = template.split(separator: "@", omittingEmptySubsequences: false).dropFirst().reduce(
        String(template.prefix { $0 != "@" })
      ) { $0 + Self.values[stream.below(stream.below(4) == 0 ? Self.values.count : 4)] + $1 }
      let read = try? reader.settings(Array(text.utf8), file: "s")
      #expect(read?.items == parsed(text), "\(text)")
      for item in read?.items ?? [] { #expect(read?[item.path] != nil) }
    }
  }

  @Test func `specs that differ in plain values share their settings`() throws {
    let reader = SpecSettingsReader()
    func spec(_ seed: Int) -> [UInt8] { Array("version: 1\nseed: \(seed)\ndata:\n  augment:\n    flip: true\n".utf8) }
    let first = try reader.settings(spec(1), file: "s")
    let second = try reader.settings(spec(22), file: "s")
    #expect(first.shape === second.shape && second.changes == [SpecSettings.Change(place: 1, value: "22")])
    #expect(second["seed"] == "22" && second["data.augment.flip"] == "true" && first != second)
    #expect(try second == SpecSettings(spec(22), file: "s"))
  }

  @Test func `paths that take more than the file are refused`() {
    let key = String(repeating: "k", count: 120)
    let nested = (0..<25).map { String(repeating: " ", count: $0) + "\(key):\n" }.joined()
    let leaves = (0..<2000).map { String(repeating: " ", count: 25) + "l\($0): 1\n" }.joined()
    #expect(throws: Diagnostics.self) { try SpecSettings(Array((nested + leaves).utf8), file: "s") }
  }
}
