/// A name that was read from a file and is to become part of a path: one component, and nothing that leads elsewhere.
///
/// A folder may come from anyone, and so may the names in its files. `../../home/x`, `/etc/passwd`, the empty name, `.`
/// and `..` would lead out of the folder; controls would write to a terminal.
///
/// ```swift
/// let path = Path.join(folder, try PlainName.check(row.name, in: index))
/// ```
package enum PlainName {
  /// Bytes of the longest name that file systems allow.
  private static let longest = 255

  /// Whether `name` is one component of a path and can be shown as it is.
  package static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && name.utf8.count <= longest && !name.utf8.contains(UInt8(ascii: "/"))
      && !name.unicodeScalars.contains(where: \.isControl)
  }

  /// Returns `name`. Throws ``Refused`` when it is not plain.
  /// - Parameter file: where the name was read.
  package static func check(_ name: String, in file: String) throws(Refused) -> String {
    guard isPlain(name) else { throw Refused(name: name, file: file) }
    return name
  }

  /// A file has a name that would lead out of its folder.
  package struct Refused: UserFacingError, Equatable {
    package let name: String
    /// Where the name was read.
    package let file: String

    /// `name`, as `file` has it.
    package init(name: String, file: String) { (self.name, self.file) = (name, file) }

    package var exitCode: ExitCode { .badData }
    package var description: String { "'\(file.printable)' names '\(name.shortened.printable)', which is not a plain file name" }
  }
}
