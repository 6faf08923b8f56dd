import Basics
import Foundation
import Testing

@testable import Spec

/// Loss terms like the real ones, which belong to another module.
let testTerms: [TermDeclaration] = [
  TermDeclaration(name: "wasserstein", network: .generator, doc: "-mean D(G(z))"),
  TermDeclaration(name: "wasserstein", network: .discriminator, doc: "-mean D(real) + mean D(fake)"),
  TermDeclaration(
    name: "gradient_penalty", network: .discriminator, doc: "Pulls the norm of the gradient of D towards the target",
    settings: [
      TermSetting(key: "weight", doc: "Factor of the term", range: .atLeast(0), default: 10),
      TermSetting(key: "target", doc: "Norm that costs nothing", range: .above(0), default: 1),
    ]),
  TermDeclaration(
    name: "drift", network: .discriminator, doc: "Keeps D(real) near zero: the mean of its square",
    settings: [TermSetting(key: "weight", doc: "Factor of the term", range: .atLeast(0), default: 0.001)]),
]

/// The repository's folder.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A small spec with nothing optional in it.
let minimalSpec = """
  version: 1
  name: minimal
  data:
    folder: icons
  generator:
    latent: 16
    widths: [16, 8]
  discriminator:
    top: 16
    widths: [16, 8]
  schedule:
    batch: 4
    phases:
      - {resolution: 4, hold: 10}
      - {resolution: 8, fade: 10}
  loss:
    generator: {wasserstein: {}}
    discriminator: {wasserstein: {}}
  """

/// Reads a spec as if it stood in `/tmp/experiments/spec.yaml`.
func read(_ text: String, overrides: [String] = []) throws(Diagnostics) -> ExperimentSpec {
  try ExperimentSpec.read(text: text, path: "/tmp/experiments/spec.yaml", overrides: overrides, terms: testTerms)
}

/// Compares `actual` with the file at `path`, or with `RECORD=1` writes the file and fails.
func expectGolden(_ actual: String, at path: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
  if ProcessInfo.processInfo.environment["RECORD"] == "1" {
    try actual.write(to: path, atomically: true, encoding: .utf8)
    Issue.record("recorded \(path.lastPathComponent)", sourceLocation: sourceLocation)
    return
  }
  let expected = try String(contentsOf: path, encoding: .utf8)
  #expect(actual == expected, "\(path.lastPathComponent)", sourceLocation: sourceLocation)
}
