import Basics
import Datasets
import Runs
import Spec
import Training

/// What a sweep began with, which is the same to its end: its manifest knows the digests of these files, and every process compares.
extension Study {
  /// A file is not the one that the sweep began with.
  package struct Changed: UserFacingError, Equatable {
    package let path: String
    package let isGone: Bool
    package var exitCode: ExitCode { .badData }
    package var description: String {
      "'\(path.printable)' is \(isGone ? "gone" : "not what it was when the sweep began"), and trials would be trained unlike the others"
    }
    package var diagnostics: Diagnostics {
      let note =
        "put the file back, or run 'fadein sweep FILE' with the files that the sweep is from; to try something else, change those"
      return Diagnostics(description, note: note, exitCode: exitCode)
    }
  }

  static var largestText: Int { 1 << 20 }

  /// The content of `path`, a file that the sweep in `directory` began with. Throws ``Changed`` when `manifest` knows another.
  static func beginning(
    _ path: String, limit: Int, _ directory: SweepDirectory, _ manifest: SweepManifest?, _ files: any FileSystem
  ) throws -> [UInt8] {
    let known = manifest?.sha256?[directory.name(ofBeginning: path)]
    do {
      let bytes = try files.contents(of: path, limit: limit)
      guard known == nil || known == Digest.sha256(bytes) else { throw Changed(path: path, isGone: false) }
      return bytes
    } catch let error as FileError where error.isNotFound && known != nil {
      throw Changed(path: path, isGone: true)
    }
  }

  /// What a sweep of `source` with this `index` begins with, beside its table and its images.
  static func texts(
    _ source: SweepSource, _ index: PrefixIndex, in directory: SweepDirectory
  ) -> [(path: String, text: String)] {
    [(directory.experiment, source.experimentText), (directory.sweep, source.sweepText), (directory.prefixIndex, index.text)]
  }

  /// Which trials have which prefixes in common.
  func prefixIndex() throws -> PrefixIndex { try exclusively(prefixIndexHoldingLock) }

  /// The same for the holder of the table's lock. The sweep may have been extended since this process read its manifest.
  func prefixIndexHoldingLock() throws -> PrefixIndex {
    let isThere = try files.status(of: directory.manifest) != nil
    return try PrefixIndex(directory, of: isThere ? SweepManifest(directory, files) : manifest, files)
  }

  /// Puts `source` and what follows from it into the sweep's folder, for the holder of the table's lock. The manifest comes first: if this
  /// process is killed on the way, nobody takes the files for those of the beginning, and the same command writes them again.
  func write(_ source: SweepSource, _ index: PrefixIndex, _ manifest: SweepManifest) throws {
    // A process on this machine holds the old files, and would put them back.
    guard try !FileLock.isHeld(directory.lock, files) else { throw LocalExecutor.Busy(path: directory.path) }
    var manifest = manifest
    let texts = Self.texts(source, index, in: directory)
    let digests = texts.map { (directory.name(ofBeginning: $0.path), Digest.sha256($0.text)) }
    manifest.sha256 = (manifest.sha256 ?? [:]).merging(digests) { $1 }
    try manifest.write(to: directory, files)
    for (path, text) in texts { try AtomicFile.write(text, to: path, in: files) }
  }

  /// The sweep in `directory`, to go on with by the user's own files, `source`. What it began with is written again where that is not
  /// there any more as it was and these files have it; lists of images also where a run, or the images as they are now, have them.
  /// These are read with `threads` and `cache`.
  package static func goingOn(
    _ directory: SweepDirectory, with source: SweepSource, threads: Int = 1, cache: ImageCache? = nil,
    _ files: any FileSystem = LocalFileSystem()
  ) throws -> Study {
    try SweepBeginning.forget(directory, files)
    let own = try files.confined(to: directory.path)
    let manifest = try SweepManifest(directory, own)
    var notices: [String] = []
    func restore(_ path: String, _ content: (_ digest: String) throws -> [UInt8]?) throws {
      do {
        _ = try beginning(path, limit: PrefixIndex.largest, directory, manifest, own)
      } catch is Changed {
        guard let digest = manifest.sha256?[directory.name(ofBeginning: path)], let bytes = try content(digest),
          Digest.sha256(bytes) == digest
        else { return }
        let aside = try ReplacedFile.setAside(path, unlessBeginning: bytes, own)
        try own.createDirectories(Path.parent(of: path))
        try AtomicFile.write(bytes, to: path, in: own)
        let rest = aside.map { "; what stood there is now \(Path.name(of: $0))" } ?? ""
        notices.append("\(Path.name(of: path)) was removed or changed by somebody else: it is written again\(rest)")
      }
    }
    try restore(directory.sweep) { _ in Array(source.sweepText.utf8) }
    try restore(directory.experiment) { _ in Array(source.experimentText.utf8) }
    let study = try Study(directory, files)
    try restore(directory.prefixIndex) { _ in try Array(PrefixIndex(study.source, study.table().trials).text.utf8) }
    for path in study.fixedLists {
      try restore(path) { try study.list(path, $0) ?? study.list(path, of: source, threads: threads, cache: cache) }
    }
    for notice in notices { study.memory.note(notice) }
    if try !FileLock.isHeld(directory.lock, own) { try study.sweepTemporaries() }
    return study
  }
}

extension SweepDirectory {
  /// What the manifest calls a file of the beginning: its path in the folder.
  func name(ofBeginning path: String) -> String {
    let parent = Path.parent(of: path)
    return ([prefixes, images].contains(parent) ? Path.name(of: parent) + "/" : "") + Path.name(of: path)
  }
}
