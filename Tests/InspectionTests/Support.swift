import Basics
import Foundation
import Images
import Runs

@testable import Inspection

/// A drawing that only `seed` decides on: some rectangles of random colors on white, as unlike another as icons are.
func drawing(_ seed: UInt64, side: Int = 128, shapes: Int = 14) -> RGBImage {
  var stream = RandomStream(seed: seed, name: "test.drawing")
  var image = RGBImage(width: side, height: side, gray: 255)
  for _ in 0..<shapes {
    let (x, y) = (stream.below(side * 3 / 4), stream.below(side * 3 / 4))
    let (width, height) = (2 + stream.below(side / 4 - 2), 2 + stream.below(side / 4 - 2))
    let color = (0..<3).map { _ in UInt8(stream.below(256)) }
    fill(&image, x: x, y: y, width: width, height: height, color)
  }
  return image
}

/// Paints a rectangle.
func fill(_ image: inout RGBImage, x: Int, y: Int, width: Int, height: Int, _ color: [UInt8]) {
  for row in y..<min(y + height, image.height) {
    for column in x..<min(x + width, image.width) {
      for channel in 0..<3 { image.pixels[(row * image.width + column) * 3 + channel] = color[channel] }
    }
  }
}

/// Each pixel as a square of `factor` x `factor`.
func enlarged(_ image: RGBImage, by factor: Int) -> RGBImage {
  var large = RGBImage(width: image.width * factor, height: image.height * factor, gray: 0)
  large.draw(image, x: 0, y: 0, scale: factor)
  return large
}

/// The image moved right and down, its border repeated.
func moved(_ image: RGBImage, right: Int, down: Int) -> RGBImage {
  var result = image
  for y in 0..<image.height {
    for x in 0..<image.width {
      let (fromX, fromY) = (min(max(x - right, 0), image.width - 1), min(max(y - down, 0), image.height - 1))
      for channel in 0..<3 {
        result.pixels[(y * image.width + x) * 3 + channel] = image.pixels[(fromY * image.width + fromX) * 3 + channel]
      }
    }
  }
  return result
}

/// Each sample through `change`.
func mapped(_ image: RGBImage, _ change: (UInt8) -> UInt8) -> RGBImage {
  RGBImage(width: image.width, height: image.height, pixels: image.pixels.map(change))
}

/// What a survey finds in a sound file of `image`.
func survey(_ path: String, _ image: RGBImage) -> ImageSurvey {
  var survey = ImageSurvey(SurveyedFile(path: path, rejection: "to be set"), in: "")
  survey.rejection = nil
  let bytes = PNG.encode(image)
  (survey.bytes, survey.sha256, survey.header) = (bytes.count, Digest.sha256(bytes), ImageFormatCatalog.header(of: bytes))
  survey.content = ImageSurvey.Content(image)
  return survey
}

/// A new folder for a test, removed with the value's last use.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "fadein-inspection-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name))) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// The paths of all files below.
  var names: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: path).sorted() }
  }
}
