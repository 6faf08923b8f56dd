import Basics
import Datasets
import Foundation
import Models
import Runs
import Spec
import Training

/// The images that the trials of a sweep are trained on, which are the same from its beginning to its end: what `images/` in the
/// sweep's directory has of each set.
package struct SweepImages: Sendable {
  /// A folder as some trials use it.
  package struct Use: Sendable {
    /// What the set is called: the beginning of a digest of the settings that decide which images it has.
    package let name: String
    package let data: DataSpec
  }

  /// Hexadecimal digits of a name, and bytes of the longest list that is read.
  static let (digits, largest) = (16, 1 << 28)

  /// The sets that `trials` use, each once, in the order of the trials.
  static func uses(of source: SweepSource, _ trials: [Trial]) throws(Diagnostics) -> [Use] {
    let isAblation = !source.sweep.ablate.isEmpty && source.sweep.changedPaths.contains(where: isAboutImages)
    let swept = source.sweep.paths.indices.filter { isAblation || isAboutImages(source.sweep.paths[$0]) }
    guard !swept.isEmpty else { return [Use(try source.experiment(), source.sweep)] }
    var (uses, known, names): ([Use], Set<[String]>, Set<String>) = ([], [], [])
    for trial in trials where known.insert(swept.map { trial.values[$0] }).inserted {
      let use = Use(try source.experiment(of: trial), source.sweep)
      if names.insert(use.name).inserted { uses.append(use) }
    }
    return uses
  }

  /// Whether a setting has a say in which images there are.
  static func isAboutImages(_ path: String) -> Bool {
    path == "data" || path.hasPrefix("data.") && !(path + ".").hasPrefix("data.augment.")
  }

  /// The images of `use` as they are now.
  static func now(_ use: Use, threads: Int, cache: ImageCache?) throws -> [DatasetRow] {
    try Dataset.load(use.data, needed: 0, threads: threads, cache: cache).rows
  }

  /// Fixes `rows` as the images of `use`.
  static func write(_ rows: [DatasetRow], of use: Use, to directory: SweepDirectory, _ files: any FileSystem) throws {
    try files.createDirectories(directory.images)
    try DatasetCSV.write(rows, to: use.path(in: directory), in: files)
  }

  /// The images are not those that the sweep began with.
  package struct Changed: UserFacingError, Equatable {
    /// The sweep's folder.
    package let sweep: String
    /// As in `0003.png is missing`.
    package let differences: [String]
    package var exitCode: ExitCode { .badData }
    package var description: String { "the images of '\(sweep.printable)' have changed since it began" }
    package var diagnostics: Diagnostics {
      let note = "all trials of a sweep are trained on the same images: put them back, or begin anew with 'fadein sweep FILE --new'"
      return Diagnostics(
        [Diagnostic(description, note: note)] + differences.map { Diagnostic("image \($0)") }, exitCode: exitCode)
    }
  }
}

extension SweepImages.Use {
  /// The file that says which images these are.
  func path(in directory: SweepDirectory) -> String { Path.join(directory.images, name + ".csv") }

  /// What a trial of `sweep` with `spec` uses. Where the folder is does not matter, unless trials differ in that.
  init(_ spec: ExperimentSpec, _ sweep: SweepSpec) {
    let settings = spec.settings.filter { setting in
      SweepImages.isAboutImages(setting.path) && setting.path != "data.folder"
    }
    var words = settings.map { "\($0.path)=\($0.value)" }
    if sweep.changedPaths.contains("data.folder") || sweep.changedPaths.contains("data") {
      words.append("data.folder=\(spec.data.folder)")
    }
    self.init(name: String(Digest.sha256(words.joined(separator: "\n")).prefix(SweepImages.digits)), data: spec.data)
  }
}

extension Study {
  /// The files that say which images were fixed.
  func imageLists() throws(FileError) -> [String] {
    guard try files.status(of: directory.images)?.kind == .directory else { return [] }
    return try files.list(directory.images).filter { $0.hasSuffix(".csv") }.map { Path.join(directory.images, $0) }
  }

  /// The images that were fixed for what `spec` uses; nil when none were. Of a sweep that was begun before there were such records,
  /// those of its first trial.
  func fixedImages(_ use: SweepImages.Use) throws -> LockedSet? {
    let path = use.path(in: directory)
    if try digest(of: use) != nil {
      return LockedSet(csv: try Self.beginning(path, limit: SweepImages.largest, directory, manifest, files))
    }
    guard !sweep.changedPaths.contains(where: SweepImages.isAboutImages) else { return nil }
    for trial in try stored().get().trials {
      let run = directory.run(trial)
      guard try files.status(of: run.manifest) != nil, try files.status(of: run.dataset) != nil else { continue }
      return LockedSet(run, try Manifest(run, files), files)
    }
    return nil
  }

  /// The digest of the list of what `use` has: as the sweep began with it, else as it is; nil when there is none.
  func digest(of use: SweepImages.Use) throws -> String? {
    let path = use.path(in: directory)
    if let known = manifest.sha256?[directory.name(ofBeginning: path)] { return known }
    guard try files.status(of: path) != nil else { return nil }
    return try Digest.sha256(file: path, limit: SweepImages.largest, in: files)
  }

  /// Fixes the images of what `spec` uses, if nobody has yet. Returns them.
  func fixImages(of spec: ExperimentSpec, threads: Int, cache: ImageCache?) throws -> LockedSet {
    let use = SweepImages.Use(spec, sweep)
    if let fixed = try fixedImages(use) { return fixed }
    let rows = try SweepImages.now(use, threads: threads, cache: cache)
    return try exclusively {
      if let fixed = try fixedImages(use) { return fixed }
      try SweepImages.write(rows, of: use, to: directory, files)
      return LockedSet(rows)
    }
  }

  /// Whether `trials` of `source`, which says the same as this sweep, have their images in other folders than here.
  package func hasOtherFolders(than source: SweepSource, _ trials: [Trial]) throws -> Bool {
    func folders(_ source: SweepSource) throws -> [String] { try SweepImages.uses(of: source, trials).map(\.data.path) }
    return try folders(self.source) != folders(source)
  }

  /// Throws ``SweepImages/Changed`` when what `trials` of `source` use are not the images that were fixed for that.
  /// - Parameter source: the sweep's own, or the same with its files elsewhere.
  package func requireSameImages(_ source: SweepSource, _ trials: [Trial], threads: Int, cache: ImageCache?) throws {
    for use in try SweepImages.uses(of: source, trials) {
      guard let fixed = try fixedImages(use) else { continue }
      let differences = fixed.differences(from: try SweepImages.now(use, threads: threads, cache: cache))
      guard differences.isEmpty else { throw SweepImages.Changed(sweep: directory.path, differences: differences) }
    }
  }
}
