import Foundation

/// The folder that the program was started in, and paths as seen from there.
package enum WorkingFolder {
  /// Its absolute path; `.` if the system does not know it, as in a folder that was removed.
  package static var path: String {
    guard let text = getcwd(nil, 0) else { return "." }
    defer { free(text) }
    return SystemText.decode(text)
  }

  /// `path` as an absolute path without `.` and `..`, seen from the folder `base`, which is seen from the working folder. Links are
  /// not looked at. A tilde is a name like any other.
  package static func absolute(_ path: String, from base: String = "") -> String {
    var steps: [String] = []
    for text in [self.path, base, path] {
      if Path.isAbsolute(text) { steps = [] }
      for step in Path.components(of: text) where step != "." {
        if step == ".." { _ = steps.popLast() } else { steps.append(step) }
      }
    }
    return "/" + steps.joined(separator: "/")
  }

  /// `path` as an absolute path free of links, as far as it is there.
  package static func resolved(_ path: String) -> String {
    let path = absolute(path)
    if let text = realpath(path.systemBytes, nil) {
      defer { free(text) }
      return SystemText.decode(text)
    }
    return path == "/" ? path : Path.join(resolved(Path.parent(of: path)), Path.name(of: path))
  }

  /// The variable `name` of the environment, its bytes as text.
  package static func variable(_ name: String) -> String? { getenv(name).map { SystemText.decode($0) } }
}
