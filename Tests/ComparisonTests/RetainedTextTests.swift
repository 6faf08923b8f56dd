import Basics
import Foundation
import Runs
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

  @Test func `every text of a manifest is counted or left out`() throws {
    let maker = try RunMaker()
    let files = LocalFileSystem()
    let texts = ["host", "cpu", "sweep", "path", "git_commit", "dataset_hash", "fadein_commit", "label", "name"]
    for text in texts {
      let run = try maker.run("long-\(text)")
      let file = run.manifest
      var object = try #require(
        try JSONSerialization.jsonObject(with: Data(files.contents(of: file, limit: .max))) as? [String: Any])
      object[text] = String(repeating: "x", count: 60_000)
      try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: file))
      let retained = RetainedText(most: 300_000)
      var count = 0
      while count < 20, (try? ComparedRun(run, name: "a", ReadBuffer(), retained, files)) != nil { count += 1 }
      #expect(text == "path" ? count == 20 : count == 4, "\(text): \(count)")
    }
  }

  @Test func `columns that runs do not have in common find an end`() throws {
    let settings = try SpecSettings(Array(Self.spec.utf8), file: "spec.yaml")
    func header(_ run: Int) throws -> TableHeader {
      try TableHeader(Array((0..<50).map { "run\(run)column\($0)" }.joined(separator: ",").utf8 + [0x0a])[...])
    }
    let (shared, retained) = (try header(0), RetainedText())
    for _ in 0..<100_000 { try retained.add(["runs/x/v001"], settings, [shared]) }
    let small = RetainedText(most: 4 << 20)
    #expect(throws: RetainedText.Full.self) { for run in 0..<1000 { try small.add([], settings, [try header(run)]) } }
    // One that found no room takes none, and is not known.
    let last = try header(1000)
    for _ in 0..<2 { #expect(throws: RetainedText.Full.self) { try small.add([], settings, [last]) } }
    try small.add([], settings, [])
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
