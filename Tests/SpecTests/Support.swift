import Basics
import Foundation
import Studies
import Testing

@testable import Spec

/// The repository's folder.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A small spec with nothing optional in it.
let minimalSpec = """
  version: 2
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
  try ExperimentSpec.read(text: text, path: "/tmp/experiments/spec.yaml", overrides: overrides, language: .fadein)
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
