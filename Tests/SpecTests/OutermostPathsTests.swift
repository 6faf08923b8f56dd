import Basics
import Testing

@testable import Spec

@Suite struct OutermostPathsTests {
  private static let steps = ["a", "b", "a-b", "a/b", "ab", "0", "é", "e\u{301}", ""]

  private func paths(_ stream: inout RandomStream, _ count: Int) -> [String] {
    (0..<count).map { _ in (0..<1 + stream.below(4)).map { _ in Self.steps[stream.below(Self.steps.count)] }.joined(separator: ".")
    }
  }

  /// By bytes, as paths are told apart everywhere.
  private func lies(_ path: String, below map: String) -> Bool { path.utf8.starts(with: (map + ".").utf8) }

  @Test(arguments: UInt64(0)..<60) func `what lies below a path is found as by looking at each`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "test.paths")
    let (maps, settings) = (paths(&stream, 1 + stream.below(30)), paths(&stream, 40))
    let outermost = maps.filter { map in !maps.contains { lies(map, below: $0) } }
    let found = OutermostPaths(maps)
    for path in maps + settings {
      #expect(
        found.map(holding: path).map(ByteText.init) == outermost.first { lies(path, below: $0) }.map(ByteText.init), "\(path)")
      #expect(found.contains(path) == outermost.contains { $0.utf8.elementsEqual(path.utf8) }, "\(path)")
    }
    let all = SettingPaths([SpecSettings.Shape(settings.map { SpecSettings.Setting(path: $0, value: "") })])
    for path in maps + settings { #expect(all.hasSettings(below: path) == settings.contains { lies($0, below: path) }, "\(path)") }
    #expect(OutermostPaths([]).isEmpty && OutermostPaths([]).map(holding: "a.b") == nil)
  }
}
