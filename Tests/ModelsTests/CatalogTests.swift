import Foundation
import Models
import Spec
import Testing

@Suite struct CatalogTests {
  private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: folder).path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }.sorted()
  }

  @Test func theCatalogListsEveryLossOfItsFolder() throws {
    let listed = LossCatalog.terms.map { "\($0)" }.sorted()
    #expect(listed == (try files("Sources/Models/Losses")).filter { $0 != "Catalog" && $0 != "LossTerm" })
  }

  @Test func termsAreDeclaredOnceAndInWords() {
    let declarations = LossCatalog.declarations
    #expect(Set(declarations.map { "\($0.network).\($0.name)" }).count == declarations.count)
    for declaration in declarations {
      #expect(declaration.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil && !declaration.doc.isEmpty, "\(declaration.name)")
      #expect(Set(declaration.settings.map(\.key)).count == declaration.settings.count, "\(declaration.name)")
      for setting in declaration.settings { #expect(!setting.doc.isEmpty && !setting.doc.hasSuffix("."), "\(setting.key)") }
    }
  }

  /// Files of `Graph/Ops` that define an op, apart from leaves, which have no law.
  @Test func everyOpHasALawTest() throws {
    let laws = try String(contentsOf: repository.appending(path: "Tests/GraphTests/OpLawTests.swift"), encoding: .utf8)
    for op in try files("Sources/Graph/Ops") where !["Leaves", "Linear", "Trilinear"].contains(op) {
      #expect(laws.contains("\(op)("), "\(op) has no test in OpLawTests")
    }
  }
}
