import Basics
import Runs
import Spec

/// What is known of a run before its rows are read.
///
///     let (runs, skipped) = ComparedRun.read(selection, threads: 2, LocalFileSystem())
///     let values = try MetricReading(["swd_mean"]).values(of: runs, threads: 2, LocalFileSystem())[0].get()   // [36.8]
package final class ComparedRun: Sendable {
  package let directory: RunDirectory
  /// As commands take it: `penalty/v001/trials/t0001`.
  package let name: String
  package let manifest: Manifest
  package let status: RunStatus
  /// What its resolved spec says; a map that its sweep changes as a whole is one setting.
  package let settings: SpecSettings
  /// How long its rows took to train; nil when it has none.
  package let seconds: Double?
  /// Of its tables, in the order of ``RunDirectory/measurements``; nil for one that is not there. Paths take too much to be kept.
  private let headers: [TableHeader?]

  /// Reads the run in `directory`, which is called `name`. Throws when it is not one, or too damaged to be compared.
  package convenience init(_ directory: RunDirectory, name: String, _ files: any FileSystem) throws {
    try self.init(directory, name: name, ReadBuffer(), RetainedText(), files)
  }

  /// The same as one of many runs, of which `retained` counts what is kept.
  init(
    _ directory: RunDirectory, name: String, _ buffer: ReadBuffer, _ retained: RetainedText, _ files: any FileSystem
  ) throws {
    self.directory = directory
    self.name = name
    let files = try files.confined(to: directory.path)
    manifest = try Manifest(directory, files).kept(buffer.texts.shared)
    status = try RunStatus(of: directory, isFinished: manifest.finished != nil, headers: buffer.tables.headers, files)
    let spec = try files.contents(of: directory.spec, limit: Self.largestSpec)
    do {
      settings = try buffer.specs.settings(spec, file: directory.spec)
    } catch {
      throw UnusableFile(directory.spec, error.items[0].message)
    }
    // `metrics.csv` comes first.
    let tables = try directory.measurements.map { try TableFile($0, headers: buffer.tables.headers, files) }
    headers = tables.map { $0?.header }
    try retained.add([directory.path, name] + manifest.texts, settings, headers.compactMap { $0 })
    seconds = try RunClock.seconds(of: directory, buffer.tables, files)
    // The last iteration of a run always gets a row.
    let last =
      try status == .finished
      ? tables[0]?.values(of: [Column.iteration.name], .last, buffer: buffer.tables, files)[0]
      : nil
    if let last, let end = Int(exactly: last), end != manifest.iterations {
      let reason = "its rows end with iteration \(end), but the run finished after \(manifest.iterations)"
      throw UnusableFile(directory.metrics, reason)
    }
  }

  private init(_ run: ComparedRun, _ settings: SpecSettings) {
    (directory, name, manifest, status) = (run.directory, run.name, run.manifest, run.status)
    self.settings = settings
    seconds = run.seconds
    headers = run.headers
  }

  /// The same run with other settings: those that a sweep changes as a whole, as one.
  func with(_ settings: SpecSettings) -> ComparedRun { ComparedRun(self, settings) }

  /// Bytes of the largest `spec.yaml` that is read.
  private static let largestSpec = 1 << 20

  /// `metrics.csv` and `evaluations.csv`, as far as they are there.
  package var tables: [TableFile] {
    zip(directory.measurements, headers).compactMap { path, header in header.map { TableFile(path, header: $0) } }
  }

  /// The metrics that it can be asked for, in the order of its files.
  package var metrics: [String] { tables.flatMap(\.metrics) }
}

extension TableFile {
  /// The columns that measure something.
  var metrics: [String] { columns.filter { !Column.places.contains($0) } }
}

extension ComparedRun {
  /// The runs of `selection` in its order, read by `threads` threads, and what cannot be compared and why, sorted by path.
  package static func read(
    _ selection: RunSelection, threads: Int, _ files: any FileSystem
  ) -> (runs: [ComparedRun], skipped: [RunCatalog.Skipped]) {
    let directories = selection.runs
    let retained = RetainedText()
    let outcomes = Parallel.map(directories.count, threads: threads, state: ReadBuffer.init) { number, buffer in
      let directory = directories[number]
      return Result { try ComparedRun(directory, name: selection.name(of: directory), buffer, retained, files) }
    }
    var (runs, skipped) = ([ComparedRun](), selection.skipped)
    for (directory, outcome) in zip(directories, outcomes) {
      switch outcome {
      case .success(let run): runs.append(run)
      case .failure(let error): skipped.append(RunCatalog.Skipped(directory, error))
      }
    }
    let maps = SweptMaps(runs, retained, files)
    return (maps.folded(runs), (skipped + maps.skipped).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
  }
}
