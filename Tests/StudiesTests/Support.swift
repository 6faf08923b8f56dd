import Basics
import Foundation
import Spec
import Testing

@testable import Studies

/// A fresh folder, removed when the test lets go of it.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "fadein-studies-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path + "/icons", withIntermediateDirectories: true)
    try write(Self.experiment, to: "tiny.yaml")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(filePath: self(name))) }

  func text(_ name: String) throws -> String { try String(contentsOf: URL(filePath: self(name)), encoding: .utf8) }

  /// A sweep file of `lines` over the tiny experiment.
  func source(_ lines: String) throws -> SweepSource {
    try write("version: 1\nname: test\nexperiment: tiny.yaml\n" + lines, to: "test.sweep.yaml")
    return try SweepSource(path: self("test.sweep.yaml"))
  }

  /// Three phases of four iterations.
  static let experiment = """
    version: 2
    name: tiny
    seed: 7
    data: {folder: icons}
    generator: {latent: 5, widths: [8, 6, 4]}
    discriminator: {top: 7, widths: [8, 6, 4]}
    schedule:
      batch: 4
      phases:
        - {resolution: 4, hold: 4}
        - {resolution: 8, fade: 2, hold: 2}
        - {resolution: 16, fade: 2, hold: 2}
    optimizer:
      drops: [{resolution: 16, after: 1, rate: 1e-5}]
    loss:
      generator: {wasserstein: {}}
      discriminator: {wasserstein: {}, gradient_penalty: {}, drift: {}}

    """
}

/// Compares with the file at `path`; with `RECORD=1` in the environment it is written anew, and the test fails once.
func expectGolden(_ text: String, at path: URL) throws {
  let isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"
  if isRecording { try Data(text.utf8).write(to: path) }
  let expected = try? String(contentsOf: path, encoding: .utf8)
  #expect(text == expected && !isRecording, "\(path.lastPathComponent), run with RECORD=1 if this is right:\n\(text)")
}
