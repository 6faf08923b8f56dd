import Basics
import Spec
import Synchronization

/// How much a comparison keeps of all its runs. What strangers put into runs must not fill the memory, so a run that would make it more
/// is left out by name.
final class RetainedText: Sendable {
  /// Bytes for all runs: of a hundred thousand trials that say nearly the same, more than half.
  static let most = 160 << 20
  /// About what a run takes beside its texts, in bytes, and what a text takes beside its characters.
  private static let (run, text) = (900, 48)

  /// A run that finds no room.
  struct Full: Error, CustomStringConvertible {
    let description =
      "the runs before it fill the \(RetainedText.most >> 20) MiB that a comparison keeps of settings and labels; compare fewer at a time"
  }

  private let most: Int
  private let bytes = Atomic(0)
  /// The shapes that are counted, which hold until the last run is read: each is kept once, however many runs have it.
  private let shapes = Mutex<[ObjectIdentifier: SpecSettings.Shape]>([:])

  /// - Parameter most: bytes for all runs.
  init(most: Int = RetainedText.most) { self.most = most }

  /// Counts a run with these texts of its own and settings. Throws ``Full`` when there is no room for it.
  func add(_ texts: [String?], _ settings: SpecSettings) throws {
    var size = Self.run + texts.reduce(0) { $0 + ($1.map { $0.utf8.count + Self.text } ?? 0) }
    for change in settings.changes { size += change.value.utf8.count + Self.text }
    let isNew = shapes.withLock { $0.updateValue(settings.shape, forKey: ObjectIdentifier(settings.shape)) == nil }
    if isNew {
      for item in settings.shape.items { size += item.path.utf8.count + item.value.utf8.count + 3 * Self.text }
    }
    let sum = bytes.wrappingAdd(size, ordering: .relaxed).newValue
    guard sum <= most else {
      bytes.wrappingSubtract(size, ordering: .relaxed)
      if isNew { shapes.withLock { $0[ObjectIdentifier(settings.shape)] = nil } }
      throw Full()
    }
  }
}
