import Glibc

/// A command line that a shell takes as it stands.
package enum ShellCommand {
  /// `words` with quotes where a shell needs them.
  package static func text(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// The command that calls this program with `arguments`, from the folder that it was called from.
  package static func own(_ arguments: [String]) -> String { text([program] + arguments) }

  /// What the user calls the program: the script of a checkout says so in the environment.
  private static var program: String {
    if let name = getenv("FADEIN_COMMAND") { return String(cString: name) }
    let path = CommandLine.arguments.first ?? "fadein"
    return path.utf8.contains(UInt8(ascii: "/")) ? path : "fadein"
  }

  /// `word` as a shell takes it for one word.
  package static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || "/._-=+:,@%".utf8.contains(byte)
      }
    if isPlain { return word }
    let needsEscapes = word.unicodeScalars.contains {
      $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
    }
    guard needsEscapes else { return "'" + word.replacing("'", with: "'\\''") + "'" }
    // Control characters must not reach a terminal; bash, zsh and ksh know this form.
    return "$'"
      + word.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
        case 0x20..<0x7f: String(UnicodeScalar(byte))
        default: "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
      }.joined() + "'"
  }
}
