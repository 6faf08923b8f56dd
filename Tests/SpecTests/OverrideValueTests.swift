import Basics
import Foundation
import Studies
import Testing

@testable import Spec

/// What stands behind `=` is the value, all of it.
@Suite struct OverrideValueTests {
  private static let pieces = [
    "a", "my", " ", " #", "#1", "\"", "'", "&x", "*y", "!z", ": ", ":", "[", "]", "{", "}", ",", "~", "/", "..", "%", "@", "`", "|",
    ">",
    "-", "- ", "é", "e\u{301}", "\\", "=", "\t", "8", "true", "null", "\u{1F600}",
  ]

  private static func text(_ seed: UInt64, _ name: String) -> String {
    var stream = RandomStream(seed: seed, name: name)
    return (0..<1 + stream.below(6)).map { _ in pieces[stream.below(pieces.count)] }.joined()
  }

  private static func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

  @Test(arguments: 0..<600 as Range<UInt64>) func `a text is taken as it stands, or refused`(seed: UInt64) throws {
    let text = Self.text(seed, "values")
    let blanks = text.drop { $0 == " " || $0 == "\t" }
    let isMarked = blanks.first.map { "[{\"'".contains($0) } ?? false
    do throws(Diagnostics) {
      let folder = try read(minimalSpec, overrides: ["data.folder=" + text]).data.folder
      if isMarked { return #expect(blanks.first == "\"" || blanks.first == "'", "\(text) became \(folder)") }
      #expect(Self.isSame(folder, Path.expandingHome(text)), "\(text) became \(folder)")
    } catch {
      #expect(isMarked || ["~", "null"].contains(text), "\(text): \(error)")
      #expect(error.exitCode == .badData)
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func `a text in quotes is the text, through an override, a sweep and a resolved spec`(
    seed: UInt64
  ) throws {
    let text = "x" + Self.text(seed, "quoted")
    let quoted = YAMLValue.text(text).flow
    let spec = try read(minimalSpec, overrides: ["data.folder=" + quoted, "data.exclude=[\(quoted), b]"])
    #expect(Self.isSame(spec.data.folder, text) && spec.data.exclude.count == 2 && Self.isSame(spec.data.exclude[0], text))
    // Once as an item of its own, once in a list, each in a block as well as in one line.
    for list in ["[\(quoted), y]", "\n      - \(quoted)\n      - y"] {
      let sweep = """
        version: 1
        name: s
        experiment: e.yaml
        parameters:
          data.folder:
            values: \(list)
          data.exclude:
            values: [[\(quoted)], [y]]

        """
      let parameters = try SweepSpec.read(text: sweep, path: "/tmp/s.sweep.yaml", .fadein).parameters
      guard case .choices(let folders) = parameters[0].space, case .choices(let excluded) = parameters[1].space else {
        return #expect(Bool(false))
      }
      let tried = try read(minimalSpec, overrides: ["data.folder=" + folders[0][0], "data.exclude=" + excluded[0][0]])
      #expect(Self.isSame(tried.data.folder, text), "\(text) became \(tried.data.folder)")
      #expect(tried.data.exclude.count == 1 && Self.isSame(tried.data.exclude[0], text), "\(text) became \(tried.data.exclude)")
    }
  }

  @Test func `a plain text of a block keeps its commas in a sweep`() throws {
    let sweep = """
      version: 1
      name: s
      experiment: e.yaml
      parameters:
        data.exclude:
          values:
            - - a, b
              - c]
            - - d

      """
    let parameters = try SweepSpec.read(text: sweep, path: "/tmp/s.sweep.yaml", .fadein).parameters
    guard case .choices(let excluded) = parameters[0].space else { return #expect(Bool(false)) }
    #expect(try read(minimalSpec, overrides: ["data.exclude=" + excluded[0][0]]).data.exclude == ["a, b", "c]"])
  }

  @Test func `rows of zip may have equal values, but no row stands twice`() throws {
    func parameters(_ zip: String) throws(Diagnostics) -> [ParameterSpec] {
      let text = "version: 1\nname: s\nexperiment: e.yaml\nparameters:\n  zip:\n" + zip
      return try SweepSpec.read(text: text, path: "/tmp/s.sweep.yaml", .fadein).parameters
    }
    let rows = "    generator.latent: [4, 4, 8]\n    seed: [1, 2, 1]\n"
    #expect(try parameters(rows)[0].space == .choices([["4", "1"], ["4", "2"], ["8", "1"]]))
    let error = try #require(throws: Diagnostics.self) {
      try parameters("    optimizer.adam.rate: [1e-3, 5, 0.001]\n    seed: [1, 2, 1]\n")
    }
    #expect(error.items.map(\.message) == ["parameters.zip has the row optimizer.adam.rate 0.001, seed 1 twice"])
    #expect(error.items[0].position == SourcePosition(line: 6, column: 36, length: 5))
  }

  @Test func `values that differ in their bytes are different values`() throws {
    let text = "version: 1\nname: s\nexperiment: e.yaml\nparameters: {data.folder: {values: [\u{e9}, e\u{301}]}}\n"
    let parameters = try SweepSpec.read(text: text, path: "/tmp/s.sweep.yaml", .fadein).parameters
    #expect(parameters[0].count == 2)
  }

  @Test func `paths of overrides are seen from where the user stands, and a tilde is the user's home`() throws {
    func folder(_ override: String, from folder: String? = "/home/somebody") throws -> String {
      try ExperimentSpec.read(
        text: minimalSpec, path: "/tmp/experiments/spec.yaml", overrides: [override], from: folder, language: .fadein
      ).data.path
    }
    let home = try #require(ProcessInfo.processInfo.environment["HOME"])
    #expect(try folder("data.folder=pictures") == "/home/somebody/pictures")
    #expect(try folder("data.folder=../x/./y") == "/home/x/y")
    #expect(try folder("data.folder=/a/b") == "/a/b")
    #expect(try folder("data.folder=~/Pictures") == home + "/Pictures")
    #expect(try folder("data={folder: ~/Pictures}") == home + "/Pictures")
    #expect(try folder("data={folder: pictures}") == "/home/somebody/pictures")
    #expect(try folder("data.folder=\"~/Pictures\"") == "/home/somebody/~/Pictures")
    #expect(try folder("data.folder=~pictures") == "/home/somebody/~pictures")
    #expect(try folder("seed=1") == "/tmp/experiments/icons")
    // A sweep's overrides are seen from its experiment, but a home is a home.
    #expect(try folder("data.folder=pictures", from: nil) == "/tmp/experiments/pictures")
    #expect(try folder("data.folder=~/Pictures", from: nil) == home + "/Pictures")
  }
}
