import Basics
import Foundation
import Images
import Runs
import Testing

@testable import Inspection

@Suite struct SelectionTests {
  /// `a` to `g` look alike, `b` a copy of `a`; `h` is small, `i` and `j` stand alone, `k` is no image.
  private static let folder: ScratchFolder = {
    let folder = try! ScratchFolder()
    var images: [(String, RGBImage)] = [("a", drawing(1)), ("b", drawing(1))]
    for (number, name) in ["c", "d", "e", "f", "g"].enumerated() {
      var image = drawing(1)
      fill(&image, x: 8 + 20 * number, y: 100, width: 4 + 4 * number, height: 3, [0, 0, 0])
      images.append((name, image))
    }
    images += [("h", drawing(8, side: 24)), ("i", drawing(9, side: 96)), ("j", drawing(10))]
    for (name, image) in images { try! folder.write("\(name).png", PNG.encode(image)) }
    try! folder.write("k.png", [0])
    return folder
  }()

  private static let files =
    "abcdefghijk".map { SurveyedFile(path: "\($0).png") } + [SurveyedFile(path: "z.png", rejection: "excluded by 'z*'")]

  private func kept(_ rules: Selection.Rules, threads: Int = 1, isReversed: Bool = false) -> String {
    let files = isReversed ? Self.files.reversed() : Self.files
    let selection = Selection(files, in: Self.folder.path, rules: rules, threads: threads)
    return selection.kept.map { String(selection.files[$0].path.prefix(1)) }.joined()
  }

  @Test func `without rules only copies and what is no image go`() {
    #expect(kept(Selection.Rules()) == "acdefghij")
  }

  @Test func `of look-alikes so many stay, the leader among them`() {
    #expect(kept(Selection.Rules(distance: 8, keep: 100)) == "acdefghij")
    #expect(kept(Selection.Rules(distance: 8, keep: 1)) == "ahij")
    let three = kept(Selection.Rules(distance: 8, keep: 3))
    #expect(three.count == 6 && three.hasPrefix("a") && three.contains("g"))  // g is the farthest from a
  }

  @Test(arguments: 1...4) func `neither threads nor the order of the files matter`(threads: Int) {
    let rules = Selection.Rules(minimumSide: 32, distance: 8, keep: 3)
    #expect(kept(rules, threads: threads, isReversed: true) == kept(rules))
  }

  @Test func `small images go`() {
    #expect(kept(Selection.Rules(minimumSide: 24)) == "acdefghij")
    #expect(kept(Selection.Rules(minimumSide: 25)) == "acdefgij")
    #expect(kept(Selection.Rules(minimumSide: 97)) == "acdefgj")
  }

  @Test func `every reason is told`() {
    let selection = Selection(
      Self.files, in: Self.folder.path, rules: Selection.Rules(minimumSide: 30, distance: 8, keep: 1), threads: 2)
    #expect(
      selection.reasons.map { $0?.description } == [
        nil, "a copy of 'a.png'", "looks like 'a.png'", "looks like 'a.png'", "looks like 'a.png'", "looks like 'a.png'",
        "looks like 'a.png'", "24x24, smaller than 30", nil, nil, "not a PNG", "excluded by 'z*'",
      ])
  }

  @Test func `clean files and a list, the same on any threads`() throws {
    var outcomes: [[String: [UInt8]]] = []
    for threads in [1, 3] {
      let target = try ScratchFolder()
      let selection = Selection(
        Self.files, in: Self.folder.path, rules: Selection.Rules(distance: 8, keep: 2), threads: threads)
      let prepared = PreparedFolder(selection, of: Self.folder.path) { $0.cropped(x: 0, y: 0, width: 8, height: 8) }
      try prepared.write(to: target.path + "/new/set", threads: threads, in: LocalFileSystem())
      let names = try target.names.filter { $0.hasSuffix("g") || $0.hasSuffix("v") }
      outcomes.append(try Dictionary(uniqueKeysWithValues: names.map { ($0, try target.bytes($0)) }))
    }
    #expect(outcomes[0] == outcomes[1])
    let names = outcomes[0].keys.sorted()
    #expect(names.count == 6 && names.last == "new/set/prepared.csv" && names.first == "new/set/a.png")
    #expect(
      try ImageFormatCatalog.decode(#require(outcomes[0]["new/set/a.png"])) == drawing(1).cropped(x: 0, y: 0, width: 8, height: 8))
    let list = try CSVTable(try #require(outcomes[0]["new/set/prepared.csv"]))
    #expect(list.columns == PreparedFolder.columns)
    #expect(list[column: "kept"]?.filter { $0 == "yes" }.count == 5)
    #expect(list.rows[0][6] == Digest.sha256(try #require(outcomes[0]["new/set/a.png"])))
    #expect(list.rows[11] == ["z.png", "", "no", "excluded by 'z*'", "", "", ""])
  }

  @Test func `a file that changed meanwhile is named, and there is no list`() throws {
    let (source, target) = (try ScratchFolder(), try ScratchFolder())
    for seed: UInt64 in 1...3 { try source.write("\(seed).png", PNG.encode(drawing(seed))) }
    let files = (1...3).map { SurveyedFile(path: "\($0).png") }
    let selection = Selection(files, in: source.path, rules: Selection.Rules(), threads: 1)
    try source.write("2.png", PNG.encode(drawing(7)))
    #expect(throws: PreparedFolder.Changed(path: "2.png")) {
      try PreparedFolder(selection, of: source.path) { $0 }.write(to: target.path, threads: 1, in: LocalFileSystem())
    }
    #expect(try !target.names.contains(PreparedFolder.listName))
  }
}
