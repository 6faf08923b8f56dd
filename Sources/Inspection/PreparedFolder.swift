import Basics
import Images
import Runs

/// Writing the images of a selection as clean PNGs: 8 bits of red, green and blue, nothing else in the file.
package struct PreparedFolder: Sendable {
  /// A file that is not what it was when the selection was made. The description names it.
  package struct Changed: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    package var description: String { "'\(path.printable)' changed while the folder was read; begin again" }
  }

  /// The list of what went and why, in the new folder.
  package static let listName = "prepared.csv"
  /// Images in memory at a time, for each thread.
  private static let imagesPerThread = 8

  private let selection: Selection
  private let folder: String
  private let shape: @Sendable (RGBImage) -> RGBImage

  /// The images that `selection` keeps of `folder`, each brought into its final shape by `shape`.
  package init(_ selection: Selection, of folder: String, shape: @escaping @Sendable (RGBImage) -> RGBImage) {
    self.selection = selection
    self.folder = folder
    self.shape = shape
  }

  /// Writes the images to `target` under their paths, then the list. The bytes depend on images and rules alone, not on
  /// `threads`. Throws ``Changed`` or a `FileError`; then there is no list.
  package func write(to target: String, threads: Int, in files: any FileSystem) throws {
    let kept = selection.kept
    var written: [Int: Outcome] = [:]
    let batch = max(1, threads) * Self.imagesPerThread
    for first in stride(from: 0, to: kept.count, by: batch) {
      let numbers = Array(kept[first..<min(first + batch, kept.count)])
      let images = Parallel.map(numbers.count, threads: threads) { image(numbers[$0]) }
      for (number, image) in zip(numbers, images) {
        guard let image else { throw Changed(path: selection.files[number].path) }
        let path = Path.join(target, selection.files[number].path)
        try files.createDirectories(Path.parent(of: path))
        try AtomicFile.write(image.bytes, to: path, in: files)
        written[number] = image.outcome
      }
    }
    try AtomicFile.write(list(written), to: Path.join(target, Self.listName), in: files)
  }

  private struct Outcome: Sendable {
    let sha256: String
    let width: Int
    let height: Int
  }

  /// The new file of an image, or nil if the old one is another by now.
  private func image(_ number: Int) -> (bytes: [UInt8], outcome: Outcome)? {
    let file = selection.files[number]
    guard let image = try? ImageFormatCatalog.read(file.path, below: folder),
      ImageSurvey.Content.digest(image) == file.content?.pixelsSHA256
    else { return nil }
    let shaped = shape(image)
    let bytes = PNG.encode(shaped)
    return (bytes, Outcome(sha256: Digest.sha256(bytes), width: shaped.width, height: shaped.height))
  }

  /// The columns of the list: the file that was found, whether it is in the new folder, why not, and the new file.
  static let columns = ["path", "source_sha256", "kept", "reason", "width", "height", "sha256"]

  private func list(_ written: [Int: Outcome]) -> String {
    let rows = selection.files.indices.map { number -> String in
      let file = selection.files[number]
      let outcome = written[number]
      return CSV.line([
        .text(file.path), file.sha256.map { .text($0) } ?? .empty, .text(outcome == nil ? "no" : "yes"),
        .text(selection.reasons[number]?.description ?? ""), outcome.map { .integer($0.width) } ?? .empty,
        outcome.map { .integer($0.height) } ?? .empty, outcome.map { .text($0.sha256) } ?? .empty,
      ])
    }
    return CSV.header(Self.columns) + rows.joined()
  }
}
