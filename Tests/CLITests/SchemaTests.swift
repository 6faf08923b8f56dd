import Foundation
import Testing

@Suite struct SchemaTests {
  private func file(_ path: String) throws -> String {
    try String(contentsOf: Program.repository.appending(path: path), encoding: .utf8)
  }

  @Test(arguments: ["experiment", "sweep"]) func `the schema in the repository is what the program prints`(subject: String) throws {
    let outcome = try Program.run("schema", subject, in: Scratch())
    #expect(outcome.exitCode == 0)
    let isSame = try outcome.output == file("schemas/\(subject).schema.json")
    #expect(isSame, "run: fadein schema \(subject) > schemas/\(subject).schema.json")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) }
  }

  @Test(arguments: [("experiment", "spec"), ("sweep", "sweep-spec")])
  func `the reference in the repository is what the program prints`(subject: String, page: String) throws {
    let outcome = try Program.run("schema", subject, "--reference", in: Scratch())
    #expect(outcome.exitCode == 0)
    let isSame = try outcome.output == file("docs/\(page).md")
    #expect(isSame, "run: fadein schema \(subject) --reference > docs/\(page).md")
  }

  @Test func `what has no schema is wrong usage`() throws {
    let outcome = try Program.run("schema", "experment", in: Scratch())
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("experiment"))
  }
}
