import Basics

/// Files that are written once, at a beginning, and that whoever goes on needs. Their content is held while a process works, and
/// written again if one was removed or changed.
package final class KeptFiles {
  /// Bytes that are held in all. What is larger is not put back.
  private static let most = 32 << 20

  private var contents: [(path: String, bytes: [UInt8], status: FileStatus?)]
  private let replaced: Bool
  private let files: any FileSystem
  private var notices: [String] = []

  /// Holds those of the files at `paths` that are there.
  /// - Parameter replaced: Whether files that were changed are put back as well, as where no other process may write them.
  package init(_ paths: [String], replaced: Bool = false, _ files: any FileSystem) throws(FileError) {
    self.files = files
    self.replaced = replaced
    var contents: [(path: String, bytes: [UInt8], status: FileStatus?)] = []
    var room = Self.most
    for path in paths {
      guard let status = try files.status(of: path), status.kind == .file, status.size <= room else { continue }
      let bytes = try files.contents(of: path, limit: room)
      room -= bytes.count
      contents.append((path, bytes, status))
    }
    self.contents = contents
  }

  /// Writes those again that are not there any more, and where that is wanted, those that are others.
  /// - Parameter thoroughly: Whether every byte is compared, as at an end; else what the system says of the file is.
  package func restore(thoroughly: Bool = false) throws(FileError) {
    for index in contents.indices {
      let (path, bytes, known) = contents[index]
      let now = try files.status(of: path)
      guard now == nil || replaced else { continue }
      if now == known, !thoroughly { continue }
      if now?.kind == .file, now?.size == bytes.count, try files.contents(of: path, limit: bytes.count) == bytes {
        contents[index].status = now
        continue
      }
      let aside = try ReplacedFile.setAside(path, unlessBeginning: bytes, files)
      try AtomicFile.write(bytes, to: path, in: files)
      contents[index].status = try files.status(of: path)
      let rest = aside.map { "; what stood there is now \(Path.name(of: $0))" } ?? ""
      notices.append(
        "\(Path.name(of: path)) was \(now == nil ? "removed" : "changed") by somebody else: it is written again\(rest)")
    }
  }

  /// What was written again since this was asked last, a sentence each.
  package func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }
}
