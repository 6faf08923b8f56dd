import Basics
import Foundation
import Studies
import Testing

@testable import Spec

/// Each file in `Cases` is a broken spec; the file `.expected` beside it is what the user reads.
@Suite struct CasesTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func `there are cases`() { #expect(Self.names.count >= 20) }

  @Test(arguments: names) func `a broken spec is explained`(name: String) throws {
    let path = Self.folder.appending(path: name + ".yaml").path
    let diagnostics = try #require(throws: Diagnostics.self) {
      try ExperimentSpec.read(path: path, language: .fadein, checkingFiles: false)
    }
    let text = diagnostics.rendered.replacing(Self.folder.path + "/", with: "") + "\nexit \(diagnostics.exitCode.rawValue)\n"
    try expectGolden(text, at: Self.folder.appending(path: name + ".expected"))
  }
}
