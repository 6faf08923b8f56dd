import Foundation
import Images

/// A fresh folder, removed with everything in it when the test lets go of it.
package final class TemporaryFolder {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "fadein-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder.
  package func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Writes the file `name`, in folders that are made.
  package func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = URL(filePath: self(name))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// Writes an image of random colors.
  package func writeImage(_ name: String, width: Int = 4, height: Int = 4, seed: UInt64 = 1) throws {
    try write(name, PNG.encode(randomImage(width, height, seed: seed)))
  }
}

/// Calls `body` with the path of a new folder, which is removed afterwards.
package func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.path) }
}
