import Basics
import Foundation

/// The computer that a run is on.
package enum Machine {
  /// The longest host name there is (`HOST_NAME_MAX` is 64), and its end.
  private static let nameBytes = 256

  /// Its name in the network.
  package static var name: String {
    var buffer = [CChar](repeating: 0, count: nameBytes)
    guard gethostname(&buffer, nameBytes - 1) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The command line of a process, cut; nil if there is no such process, or it is hidden because it is another user's.
  static func command(of process: Int32) -> String? {
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return nil }
    let text = String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    return text.isEmpty ? nil : text.trimmingCharacters(in: .whitespaces).shortened
  }

  /// Its processor's model, as `/proc/cpuinfo` has it.
  package static var cpu: String {
    // Files under /proc report no size, so they are not read by `FileSystem.contents`.
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return "unknown" }
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return "unknown"
  }
}
