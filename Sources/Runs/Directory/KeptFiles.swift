import Basics

/// Files that are written once, at a beginning, and that whoever goes on needs. Their content is held while a process works, and
/// written again when somebody has removed one.
package final class KeptFiles {
  /// Bytes of the largest file that is held.
  private static let largest = 32 << 20

  private let contents: [(path: String, bytes: [UInt8])]
  private let files: any FileSystem
  private var notices: [String] = []

  /// Holds those of the files at `paths` that are there.
  package init(_ paths: [String], _ files: any FileSystem) throws(FileError) {
    self.files = files
    var contents: [(path: String, bytes: [UInt8])] = []
    for path in paths {
      guard let status = try files.status(of: path), status.kind == .file, status.size <= Self.largest else { continue }
      contents.append((path, try files.contents(of: path, limit: Self.largest)))
    }
    self.contents = contents
  }

  /// Writes those again that are not there any more.
  package func restore() throws(FileError) {
    for (path, bytes) in contents where try files.status(of: path) == nil {
      try AtomicFile.write(bytes, to: path, in: files)
      notices.append("\(Path.name(of: path)) was removed by somebody else: it is written again")
    }
  }

  /// What was written again since this was asked last, a sentence each.
  package func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }
}
