import Basics
import Spec
import Synchronization

/// How much a comparison keeps of all its runs. What strangers put into runs must not fill the memory, so a run that would make it more
/// is left out by name.
final class RetainedText: Sendable {
  /// Bytes for all runs: of a hundred thousand trials that say nearly the same, more than half.
  static let most = 160 << 20
  /// About what a run takes beside its texts, in bytes, and what a text takes beside its characters.
  private static let (run, text) = (700, 48)
  /// What a column of a header takes beside its name, and what a name takes that no other table has.
  private static let (place, column) = (60, 250)

  /// A run that finds no room.
  struct Full: Error, CustomStringConvertible {
    let description =
      "the runs before it fill the \(RetainedText.most >> 20) MiB that a comparison keeps of settings and labels; compare fewer at a time"
  }

  private let most: Int
  private let bytes = Atomic(0)
  /// What is kept once, however many runs have it, and holds until the last run is read.
  private struct Shared {
    var shapes: [ObjectIdentifier: SpecSettings.Shape] = [:]
    var headers: [ObjectIdentifier: TableHeader] = [:]
    /// Columns of all headers.
    var columns: Set<String> = []
  }

  private let shared = Mutex(Shared())

  /// - Parameter most: bytes for all runs.
  init(most: Int = RetainedText.most) { self.most = most }

  /// Counts a run with these texts of its own, settings, and headers of its tables. Throws ``Full`` when there is no room for it.
  func add(_ texts: [String?], _ settings: SpecSettings, _ headers: [TableHeader] = []) throws(Full) {
    var size = Self.run + Self.size(texts) + Self.size(settings.changes.map(\.value))
    let full: Full? = shared.withLock { shared in
      let isNew = shared.shapes.updateValue(settings.shape, forKey: ObjectIdentifier(settings.shape)) == nil
      if isNew { for item in settings.shape.items { size += item.path.utf8.count + item.value.utf8.count + 3 * Self.text } }
      let headers = headers.filter { shared.headers.updateValue($0, forKey: ObjectIdentifier($0)) == nil }
      var columns: [String] = []
      for header in headers {
        size += Self.size(header.columns) + header.columns.count * Self.place
        // Of each name there is one more, as it is shown, and places where it is looked up.
        for column in header.columns where shared.columns.insert(column).inserted {
          columns.append(column)
          size += 2 * column.utf8.count + Self.column
        }
      }
      do throws(Full) {
        try count(size)
        return nil
      } catch {
        if isNew { shared.shapes[ObjectIdentifier(settings.shape)] = nil }
        for header in headers { shared.headers[ObjectIdentifier(header)] = nil }
        shared.columns.subtract(columns)
        return error
      }
    }
    if let full { throw full }
  }

  /// Counts texts of a run that was counted. Throws ``Full`` when there is no room for them.
  func add(_ texts: [String]) throws(Full) { try count(Self.size(texts)) }

  private func count(_ size: Int) throws(Full) {
    guard bytes.wrappingAdd(size, ordering: .relaxed).newValue > most else { return }
    bytes.wrappingSubtract(size, ordering: .relaxed)
    throw Full()
  }

  private static func size(_ texts: [String?]) -> Int { texts.reduce(0) { $0 + ($1.map { $0.utf8.count + text } ?? 0) } }
}
