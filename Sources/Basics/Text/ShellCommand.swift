import Glibc

/// A command line that a shell takes as it is.
package enum ShellCommand {
  /// `words` with quotes where a shell needs them.
  package static func text(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// The command that calls this program with `arguments`, from the folder that it was called from.
  package static func own(_ arguments: [String]) -> String { text([program] + arguments) }

  /// What the user calls the program: the script of a checkout says so in the environment.
  private static var program: String {
    if let name = WorkingFolder.variable("FADEIN_COMMAND") { return name }
    let path = CommandLine.unsafeArgv[0].map { SystemText.decode($0) } ?? "fadein"
    return path.utf8.contains(UInt8(ascii: "/")) ? path : "fadein"
  }

  /// `word`, of which ``SystemText`` knows the bytes, as a shell takes it for one word.
  package static func quoted(_ word: String) -> String {
    let bytes = SystemText.encode(word)
    if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return word }
    let needsEscapes = word.unicodeScalars.contains {
      SystemText.byte($0) != nil || $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
    }
    // By bytes: a quote and an accent behind it are one character.
    guard needsEscapes else {
      let inside = bytes.flatMap { $0 == UInt8(ascii: "'") ? Array("'\\''".utf8) : [$0] }
      return "'" + String(decoding: inside, as: UTF8.self) + "'"
    }
    // Control characters must not reach a terminal, and text cannot hold bytes that are none; bash, zsh and ksh know this form.
    return "$'" + bytes.map(escaped).joined() + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || "/._-=+:,@%".utf8.contains(byte)
  }

  /// A byte inside `$'...'`: of three octal digits, behind which no other digit counts.
  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\\"): return "\\" + String(UnicodeScalar(byte))
    case 0x20..<0x7f: return String(UnicodeScalar(byte))
    default:
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
  }
}
