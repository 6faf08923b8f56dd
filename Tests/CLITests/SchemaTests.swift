import Foundation
import Testing

@Suite struct SchemaTests {
  private func file(_ path: String) throws -> String {
    try String(contentsOf: Program.repository.appending(path: path), encoding: .utf8)
  }

  @Test func `the schema in the repository is what the program prints`() throws {
    let outcome = try Program.run("schema", "experiment", in: Scratch())
    #expect(outcome.exitCode == 0)
    let isSame = try outcome.output == file("schemas/experiment.schema.json")
    #expect(isSame, "run: fadein schema experiment > schemas/experiment.schema.json")
  }

  @Test func `the reference in the repository is what the program prints`() throws {
    let outcome = try Program.run("schema", "experiment", "--reference", in: Scratch())
    #expect(outcome.exitCode == 0)
    let isSame = try outcome.output == file("docs/spec.md")
    #expect(isSame, "run: fadein schema experiment --reference > docs/spec.md")
  }

  @Test func `what has no schema is wrong usage`() throws {
    let outcome = try Program.run("schema", "experment", in: Scratch())
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("experiment"))
  }
}
