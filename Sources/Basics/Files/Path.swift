import Foundation

/// Paths as text, taken apart and put together at `/`.
package enum Path {
  /// `name` inside `folder`.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that `path` stands in: `.` for a bare name, `/` for the root itself.
  package static func parent(of path: String) -> String {
    let trimmed = trimmed(path)
    guard let slash = trimmed.lastIndex(of: "/") else { return trimmed.isEmpty ? "/" : "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  /// The last component of `path`.
  package static func name(of path: String) -> String {
    let trimmed = trimmed(path)
    guard let slash = trimmed.lastIndex(of: "/") else { return String(trimmed) }
    return String(trimmed[trimmed.index(after: slash)...])
  }

  private static func trimmed(_ path: String) -> Substring {
    var text = path[...]
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }

  /// `path` with a `~/` at its beginning, or a lone `~`, as the user's home: what a shell does where it sees a path.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.utf8.starts(with: "~/".utf8) else { return path }
    let variable = ProcessInfo.processInfo.environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return join(variable ?? NSHomeDirectory(), String(path.unicodeScalars.dropFirst(2)))
  }
}
