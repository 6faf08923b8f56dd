import Foundation
import Images
import Runs

/// A fresh folder to run the program in, removed with everything in it when the test lets go of it.
final class Scratch {
  /// Where the program runs.
  let path: String
  /// Where its output is caught, outside of what it sees.
  let captures: String
  /// The user's cache, which no other test sees.
  var cache: String { (path as NSString).deletingLastPathComponent + "/cache" }

  init() throws {
    let base = NSTemporaryDirectory() + "fadein-cli-" + UUID().uuidString
    (path, captures) = (base + "/work", base + "/captures")
    for folder in [path, captures] { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  }

  deinit { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }

  /// The path of `name` in the folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Writes `text` to the file `name`, making the folders above it.
  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// Writes `bytes` to the file `name`, making the folders above it.
  func write(_ bytes: [UInt8], to name: String) throws {
    let folder = (self(name) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: self(name)))
  }

  /// The text of the file `name`.
  func text(_ name: String) throws -> String { try String(contentsOf: URL(filePath: self(name)), encoding: .utf8) }

  /// The names in the folder `name`, hidden ones too.
  func names(in name: String = "") throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: self(name)).sorted() }
}

/// What a training of a few iterations needs.
extension Scratch {
  /// Twelve iterations at 4x4 and 8x8 on the images in `icons`, a row, grid and checkpoint every few.
  static let tinySpec = """
    version: 2
    name: tiny
    seed: 7
    data: {folder: icons, resolution: 8}
    generator: {latent: 5, widths: [8, 6]}
    discriminator: {top: 7, widths: [8, 6]}
    schedule:
      batch: 3
      phases:
        - {resolution: 4, hold: 4}
        - {resolution: 8, fade: 4, hold: 4}
    loss:
      generator: {wasserstein: {}}
      discriminator: {wasserstein: {}, gradient_penalty: {}, drift: {}}
    record:
      metrics: 1
      samples: {every: 6, count: 4}
      checkpoints: {every: 5, keep: 2}
      evaluate: {every: 6, images: 8}

    """

  /// Writes `tiny.yaml` and a folder `icons` with `images` different pictures of 8x8.
  func writeTinyExperiment(images: Int = 5) throws {
    try write(Self.tinySpec, to: "tiny.yaml")
    for number in 0..<images {
      let pixels = (0..<8 * 8 * 3).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ (number &* 97) &+ ($0 / 24) &* 17) }
      try write(PNG.encode(RGBImage(width: 8, height: 8, pixels: pixels)), to: "icons/\(number).png")
    }
  }

  /// The status that `list` shows of the only run.
  func status() throws -> String? {
    let outcome = try Program.run("list", "--json", in: self)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    return object?["status"] as? String
  }

  /// What of a run must not depend on interruptions, by the file's path in it.
  func outcome(_ run: String) throws -> [String: Data] {
    let samples = try names(in: run + "/samples").map { "samples/" + $0 }
    let names = ["metrics.csv", "evaluations.csv", "generator.safetensors", "spec.yaml", "dataset.csv"] + samples
    return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: self(run + "/" + $0)))) })
  }

  /// Every file below the folder `name` with its bytes.
  func everything(in name: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: self(name)) {
      files[path] = FileManager.default.contents(atPath: self(name + "/" + path))
    }
    return files
  }
}
