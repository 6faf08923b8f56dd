import Basics
import Foundation

/// The files that a command writes where its user says. Nothing that the same command has not written is replaced, unless the
/// user forces it; and then neither a file of a run or sweep, nor a training image, nor what a link leads to.
package struct OutputFiles {
  private let force: Bool
  private let images: [String]
  private let files: any FileSystem

  /// Files of a command that reads the training images in the folders `images`; `force` is the user's word that other files
  /// may be replaced.
  package init(force: Bool, apartFrom images: [String] = [], _ files: any FileSystem) {
    self.force = force
    self.images = images
    self.files = files
  }

  /// Does `body` with these files while no other command does that in `folder`, which is there; `tell` is called before it waits.
  /// What is written below `folder` gets into this folder, or fails with `ESTALE` once it has been moved away.
  package func alone<Value>(in folder: String, tell: () -> Void, _ body: (OutputFiles) throws -> Value) throws -> Value {
    let lock = try FolderLock.waiting(for: folder, tell: tell)
    defer { withExtendedLifetime(lock) {} }
    return try body(OutputFiles(force: force, apartFrom: images, files.confined(to: folder)))
  }

  /// Throws one diagnostic for each of these files that may not be written, with exit code 73. Called with all of them before
  /// the first is written, and before work that takes long.
  package func check(_ targets: [(path: String, mark: OutputMark)]) throws {
    var folders: [String: OutputFolder] = [:]
    var refusals: [Diagnostic] = []
    for (path, mark) in targets {
      let parent = Path.parent(of: path)
      let folder = folders[parent] ?? OutputFolder(parent, files)
      folders[parent] = folder
      if let refusal = try refusal(path, mark, folder) { refusals.append(refusal) }
    }
    if !refusals.isEmpty { throw Diagnostics(refusals, exitCode: .cannotCreate) }
  }

  /// Throws one diagnostic for each of `paths` that may not be written, with exit code 73.
  package func check(_ paths: [String], _ mark: OutputMark) throws { try check(paths.map { ($0, mark) }) }

  /// Puts `bytes` at `path`, whole or not at all, after a last look at what is there.
  package func write(_ bytes: [UInt8], to path: String, _ mark: OutputMark) throws {
    try check([path], mark)
    try AtomicFile.write(bytes, to: path, in: files)
  }

  /// Puts `text` at `path`, whole or not at all, after a last look at what is there.
  package func write(_ text: String, to path: String, _ mark: OutputMark) throws { try write(Array(text.utf8), to: path, mark) }

  /// Puts what `body` writes at `path`, whole or not at all, after a last look at what is there.
  package func write(
    to path: String, _ mark: OutputMark, _ body: (OpenFile) throws(FileError) -> Void
  ) throws {
    try check([path], mark)
    try AtomicFile.write(to: path, in: files, body)
  }

  /// Throws unless rows may be added to the file at `path`: a file of a run grows by the run alone.
  package func checkAppending(to path: String) throws {
    let folder = OutputFolder(Path.parent(of: path), files)
    let reason: String? =
      switch try OutputContent(at: path) {
      case .nothing:
        folder.reserves(Path.name(of: path), files) ? "'\(folder.record ?? "")' has files of that name of its own" : nil
      case .file: try folder.record.map { "it is a file of '\($0)', which stays as it is" } ?? hindrance(path)
      case .link: Self.linked
      case .folder, .other: Self.irregular
      }
    if let reason { throw Diagnostics("cannot add to '\(path)': \(reason)", exitCode: .cannotCreate) }
  }

  /// Why nothing may be added to the file at `path`; nil if it may.
  private func hindrance(_ path: String) throws(FileError) -> String? {
    var status = stat()
    if lstat(path.systemBytes, &status) == 0, status.st_nlink > 1 {
      return "it has other names (hard links), under which it would change as well"
    }
    let end = try files.tail(of: path, count: 1).bytes
    return end.isEmpty || end == [UInt8(ascii: "\n")] ? nil : "its last line has no end, and would be lost; add a line feed"
  }

  private static let linked = "it is a symbolic link, which is not written through"
  private static let irregular = "it is not a regular file"
  private static let elsewhere = "write to another place"

  /// Why `path` in `folder` may not be written; nil if it may.
  private func refusal(_ path: String, _ mark: OutputMark, _ folder: OutputFolder) throws(FileError) -> Diagnostic? {
    let content = try OutputContent(at: path)
    func refused(_ reason: String, _ help: String = Self.elsewhere) -> Diagnostic {
      Diagnostic("'\(path)' is not \(content == .nothing ? "written" : "replaced"): \(reason)", note: help)
    }
    if let link = folder.link { return refused("'\(link)' is a symbolic link in the folder of a run, which is not followed") }
    if let images = images.first(where: folder.isIn), !folder.isForDrawings, mark.isPicture || Self.isNamedAsImage(path) {
      return refused("'\(images)' has training images, and a picture there would be one of them")
    }
    switch content {
    case .nothing:
      let name = Path.name(of: path)
      return folder.reserves(name, files) ? refused("'\(folder.record ?? "")' has files of that name of its own") : nil
    case .link: return refused(Self.linked, "name the file that it leads to, or remove the link")
    case .folder, .other: return refused(Self.irregular)
    case .file: break
    }
    if let record = folder.record, !folder.isForDrawings { return refused("it is a file of '\(record)', which stays as it is") }
    if mark.isOn(path, files) { return nil }
    if folder.isForDrawings { return refused("'\(mark.writer)' has not written it") }
    if !mark.isPicture, OutputMark.isForeignPicture(path, files) {
      return refused("it is a picture, and '\(mark.writer)' writes none")
    }
    return force ? nil : refused("'\(mark.writer)' has not written it", "--force replaces it")
  }

  private static func isNamedAsImage(_ path: String) -> Bool { Path.name(of: path).lowercased().hasSuffix(".png") }
}
