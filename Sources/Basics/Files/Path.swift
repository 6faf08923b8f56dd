import Foundation

/// Paths as text, taken apart and put together at `/`: at the byte, since a name may begin with a mark that Swift would take for a
/// part of the character before it.
package enum Path {
  private static let slash = UInt8(ascii: "/")

  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : isEnded(folder) ? folder + name : folder + "/" + name
  }

  /// The folder that `path` stands in: `.` for a bare name, `/` for the root itself.
  package static func parent(of path: String) -> String {
    let trimmed = trimmed(path)
    guard let last = trimmed.lastIndex(of: slash) else { return trimmed.isEmpty ? "/" : "." }
    return last == trimmed.startIndex ? "/" : String(trimmed[..<last])!
  }

  /// The last component of `path`.
  package static func name(of path: String) -> String {
    let trimmed = trimmed(path)
    guard let last = trimmed.lastIndex(of: slash) else { return String(trimmed)! }
    return String(trimmed[trimmed.index(after: last)...])!
  }

  /// The parts of `path` between its slashes, empty ones left out.
  package static func components(of path: String) -> [String] { path.utf8.split(separator: slash).map { String($0)! } }

  /// The absolute `path` as seen from the absolute `folder`, as in `../icons`; nil when they have nothing but the root in common.
  package static func relative(_ path: String, to folder: String) -> String? {
    let (steps, from) = (components(of: path), components(of: folder))
    let common = zip(steps, from).prefix { $0.utf8.elementsEqual($1.utf8) }.count
    guard common > 0 else { return nil }
    return (from.dropFirst(common).map { _ in ".." } + steps.dropFirst(common)).joined(separator: "/")
  }

  /// Whether `path` begins at the root.
  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  private static func isEnded(_ folder: String) -> Bool { folder.utf8.last == slash }

  private static func trimmed(_ path: String) -> Substring.UTF8View {
    var text = path[...].utf8
    while text.last == slash { text.removeLast() }
    return text
  }

  /// `path` with a `~/` at its beginning, or a lone `~`, as the user's home: what a shell does where it sees a path.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.utf8.starts(with: "~/".utf8) else { return path }
    let variable = WorkingFolder.variable("HOME").flatMap { isAbsolute($0) ? $0 : nil }
    return join(variable ?? NSHomeDirectory(), String(path.unicodeScalars.dropFirst(2)))
  }
}
