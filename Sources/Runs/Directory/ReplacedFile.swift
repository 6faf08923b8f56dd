import Basics

/// A file of ours that was replaced by another.
package enum ReplacedFile {
  /// Gives what is at `path` the name `<name>.replaced-<number>`, if it is not a beginning of our own `content`. Returns that
  /// name's path.
  package static func setAside(
    _ path: String, unlessBeginning content: [UInt8], _ files: any FileSystem
  ) throws(FileError) -> String? {
    guard let there = try files.status(of: path) else { return nil }
    if there.kind == .file, let bytes = try? files.contents(of: path, limit: content.count), content.starts(with: bytes) {
      return nil
    }
    var number = 1
    while try files.status(of: "\(path).replaced-\(number)") != nil { number += 1 }
    try files.rename(path, to: "\(path).replaced-\(number)")
    return "\(path).replaced-\(number)"
  }
}
