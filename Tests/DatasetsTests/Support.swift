import Images
import Basics
import Foundation
import Runs

@testable import Spec
@testable import Datasets

/// The lines of a file in `Fixtures`, split at spaces.
func fixtureLines(_ name: String) -> [[String]] {
  let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
  return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
}

/// The bytes that `hex` writes with two digits each.
func bytes(hex: String) -> [UInt8] {
  let digits = hex.utf8.map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// `[side, side, 3]` as `[3, side, side]`.
func planar(_ interleaved: [UInt8]) -> [UInt8] {
  (0..<3).flatMap { channel in stride(from: channel, to: interleaved.count, by: 3).map { interleaved[$0] } }
}

/// `count` random samples, the same in every run.
func randomSamples(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var stream = RandomStream(seed: seed, name: "test.samples")
  return (0..<count).map { _ in UInt8(stream.below(256)) }
}

/// `count` random images of side `side` in memory.
func randomDataset(count: Int, side: Int) -> Dataset {
  Dataset(resolution: side, pixels: randomSamples(count * 3 * side * side))
}

extension Dataset {
  /// All samples, copied.
  var pixels: [UInt8] { (0..<count).flatMap { withImage($0) { Array($0) } } }
}

/// The settings of a folder, squashed to `resolution`.
func dataSpec(_ folder: String, resolution: Int, fit: DataSpec.Fit = .squash, exclude: [String] = []) -> DataSpec {
  DataSpec(folder: folder, path: folder, resolution: resolution, fit: fit, exclude: exclude)
}

/// A new folder for a test, removed with the value's last use.
final class ImageFolderFixture {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "fadein-datasets-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// A valid image of random colours.
  func writeImage(_ name: String, width: Int = 4, height: Int = 4, seed: UInt64 = 1) throws {
    try write(name, PNG.encode(RGBImage(width: width, height: height, pixels: randomSamples(width * height * 3, seed: seed))))
  }
}
