import Basics
import Foundation
import Testing

@testable import Studies

/// Each `.sweep.yaml` in `Cases` is a broken sweep file; the file `.expected` beside it is what the user reads.
@Suite struct CasesTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".sweep.yaml") }.map { String($0.dropLast(11)) }.sorted()
  }()

  @Test func `there are cases`() { #expect(Self.names.count >= 20) }

  @Test(arguments: names) func `a broken sweep file is explained before anything starts`(name: String) throws {
    let path = Self.folder.appending(path: name + ".sweep.yaml").path
    let diagnostics = try #require(throws: Diagnostics.self) {
      let source = try SweepSource(path: path)
      try source.validate(try source.plannedTrials(), path: path)
    }
    let text = diagnostics.rendered.replacing(Self.folder.path + "/", with: "") + "\nexit \(diagnostics.exitCode.rawValue)\n"
    try expectGolden(text, at: Self.folder.appending(path: name + ".expected"))
  }
}
