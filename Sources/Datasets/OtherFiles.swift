import Basics
import Images
import Runs

/// The files of a folder that are not taken since they are not named as images, counted: people forget which ones count.
package struct OtherFiles: Equatable, Sendable {
  /// How many there are, and how many of them are named like images of another format.
  package private(set) var count = 0
  package private(set) var images = 0
  /// The first by the bytes of their paths.
  private var first = ""
  private var firstImage = ""

  /// Counts the file at `path`.
  mutating func append(_ path: String) {
    if count == 0 || ByteText(path) < ByteText(first) { first = path }
    count += 1
    guard ForeignFormat.isNamed(path) else { return }
    if images == 0 || ByteText(path) < ByteText(firstImage) { firstImage = path }
    images += 1
  }

  /// As in `20 other files (first: IMG_0000.JPG): only .png counts`; nil when there are none.
  package var notice: String? { count == 0 ? nil : Self.notice(count, images > 0 ? firstImage : first) }

  /// The same about those that are named like images only.
  package var imageNotice: String? { images == 0 ? nil : Self.notice(images, firstImage) }

  private static func notice(_ count: Int, _ first: String) -> String {
    "\(count) other \(count == 1 ? "file" : "files") (\(count == 1 ? "" : "first: ")\(first.printable)): only \(ImageFormatCatalog.formats.flatMap { $0.endings }.map { ".\($0)" }.joined(separator: ", ")) counts"
  }
}
