import Foundation
import Testing

@Suite struct CatalogTests {
  private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: folder).path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }.sorted()
  }

  /// Files of `Graph/Ops` that define an op, apart from leaves, which have no law.
  @Test func everyOpHasALawTest() throws {
    let laws = try String(contentsOf: repository.appending(path: "Tests/GraphTests/OpLawTests.swift"), encoding: .utf8)
    for op in try files("Sources/Graph/Ops") where !["Leaves", "Linear", "Trilinear"].contains(op) {
      #expect(laws.contains("\(op)("), "\(op) has no test in OpLawTests")
    }
  }
}
