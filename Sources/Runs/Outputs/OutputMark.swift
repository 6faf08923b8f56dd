import Basics
import Images

/// How a command recognizes the files that it wrote, so that it replaces those and no others.
package struct OutputMark: Sendable {
  /// Bytes of a file's beginning that are looked at.
  private static let looked = 1 << 20

  /// The command that writes such files, as in `fadein compare`.
  package let writer: String
  /// Whether pictures are written.
  let isPicture: Bool
  private let isOnFile: @Sendable (String, any FileSystem) -> Bool

  private init(_ command: String, isPicture: Bool = false, _ isOnFile: @escaping @Sendable (String, any FileSystem) -> Bool) {
    writer = "fadein " + command
    self.isPicture = isPicture
    self.isOnFile = isOnFile
  }

  /// Whether the regular file at `path` has the mark. One that cannot be read has none.
  func isOn(_ path: String, _ files: any FileSystem) -> Bool { isOnFile(path, files) }

  /// A picture of `command`, which says so in a text.
  package static func picture(_ command: String) -> OutputMark {
    let text = commandText(command)
    return OutputMark(command, isPicture: true) { path, files in PNGText.texts(in: beginning(of: path, files)).contains(text) }
  }

  /// A table of `command`, recognized by the columns of its header.
  package static func table(_ command: String, isHeader: @escaping @Sendable ([String]) -> Bool) -> OutputMark {
    OutputMark(command) { path, files in
      let bytes = beginning(of: path, files)
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")), let header = try? TableHeader(bytes[...end]) else {
        return false
      }
      return isHeader(header.columns)
    }
  }

  /// A text of `command` that begins with exactly `beginning`.
  package static func text(_ command: String, beginning: String) -> OutputMark {
    OutputMark(command) { path, files in Self.beginning(of: path, files).starts(with: Array(beginning.utf8)) }
  }

  /// A safetensors file of `command`, which says so in its metadata.
  package static func tensors(_ command: String) -> OutputMark {
    OutputMark(command) { path, files in
      guard let file = try? SafetensorsFile(path, in: files) else { return false }
      return writerMetadata(command).allSatisfy { file.metadata[$0.key] == $0.value }
    }
  }

  /// The texts by which ``picture(_:)`` knows a picture again, and the version that drew it.
  package static func pictureTexts(_ command: String, version: String) -> [PNGText] {
    [PNGText("Software", "Fadein \(version)"), commandText(command)]
  }

  /// The metadata by which ``tensors(_:)`` knows a file again.
  package static func writerMetadata(_ command: String) -> [String: String] { ["written_by": "fadein " + command] }

  /// Whether the file at `path` is a picture that no command of the program has drawn.
  static func isForeignPicture(_ path: String, _ files: any FileSystem) -> Bool {
    let bytes = beginning(of: path, files)
    return !bytes.isEmpty && PNG.begins(bytes) && !PNGText.texts(in: bytes).contains { $0.keyword == commandKeyword }
  }

  private static let commandKeyword = "fadein:command"

  /// Commands whose pictures are about images, and are none to train on.
  private static let sheetCommands: Set = ["dataset inspect", "dataset preview", "dataset statistics"]

  /// The command that drew the picture in `png`, when that is a sheet about images; nil for any other picture.
  package static func sheetCommand(of png: [UInt8]) -> String? {
    PNGText.texts(in: png).first { $0.keyword == commandKeyword && sheetCommands.contains($0.text) }?.text
  }

  private static func commandText(_ command: String) -> PNGText { PNGText(commandKeyword, command) }

  private static func beginning(of path: String, _ files: any FileSystem) -> [UInt8] {
    let bytes = try? files.reading(path) { (file, size) throws(FileError) in
      try files.read(min(size, looked), from: file, at: 0)
    }
    return bytes ?? []
  }
}
