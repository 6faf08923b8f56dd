import Basics
import Foundation

/// A folder that a user's words may stand for, and the file system that reaches what lies in it: the one place that knows how far links
/// are followed. A path that was typed may lead through links; what is found by a name, below it or below the folder of runs, may not.
package struct NamedFolder: Sendable {
  /// A name stands for something behind a link.
  package struct Link: UserFacingError, Equatable {
    package let path: String
    package var exitCode: ExitCode { .ioError }
    package var description: String {
      "'\(path.printable)' is a symbolic link or lies behind one, and a name is not followed through links"
    }
    package var diagnostics: Diagnostics {
      Diagnostics(description, note: "if you trust it, give the path of the folder that it leads to", exitCode: exitCode)
    }
  }

  package let path: String
  package let files: any FileSystem

  /// What `text` may stand for: the path itself, and that name in the folder `runs`.
  package static func places(
    of text: String, in runs: String, _ files: any FileSystem
  ) throws(FileError) -> [NamedFolder] {
    let isBelow = try files.status(of: runs)?.kind == .directory && !Path.components(of: text).contains("..")
    return [
      NamedFolder(path: text, files: files),
      NamedFolder(path: Path.join(runs, text), files: try isBelow ? files.confined(to: runs) : files),
    ]
  }

  /// Whether it is a folder, and no link where links are not followed.
  package var isFolder: Bool { get throws(FileError) { try files.status(of: path)?.kind == .directory } }

  /// Whether it has something at `file`, a path that begins with its own. Throws ``Link`` where a link is in the way.
  package func has(_ file: String) throws -> Bool {
    do throws(FileError) {
      return try files.status(of: file) != nil
    } catch {
      throw error.errno == ELOOP ? Link(path: path) : error
    }
  }

  /// The versions in it, newest first. Whoever looks into one that is a link gets ``Link``.
  package func versions() throws(FileError) -> [NamedFolder] {
    let files = try files.confined(to: path)
    return try files.list(path).compactMap { RunVersion(folder: $0) }.sorted(by: >).map { version in
      NamedFolder(path: Path.join(path, version.description), files: files)
    }
  }
}
