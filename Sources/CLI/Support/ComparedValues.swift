import ArgumentParser
import Basics
import Comparison
import Runs

/// Which number of a run's rows stands for a metric.
struct ComparedValues: ParsableArguments {
  @Option(help: ArgumentHelp("Which of a metric's values is shown.", valueName: "last|min|max|mean"))
  var at: Reduction = .last

  @Option(
    help: ArgumentHelp("Only rows with at most so many images shown, of runs that showed as many.", valueName: "n"))
  var atImages: Int?

  func validate() throws {
    if let atImages, atImages < 0 { throw ValidationError("--at-images must be from 0 on, not \(atImages)") }
  }

  /// What was read of runs.
  struct Read {
    fileprivate(set) var runs: [ComparedRun] = []
    /// For each run a number for each metric.
    fileprivate(set) var values: [[Double?]] = []
    /// Runs whose tables are damaged.
    fileprivate(set) var skipped: [RunCatalog.Skipped] = []
    /// The resolution that a run's values are of, by its name.
    fileprivate var resolutions: [String: Int] = [:]
    fileprivate var images: Int?
  }

  /// Reads `metrics` of `runs`.
  func read(_ runs: [ComparedRun], metrics: [String], threads: Int, _ files: any FileSystem) -> Read {
    // The resolution is that of the last row; where values are, too, both are read at once.
    let isTogether = at == .last
    var values = MetricReading(metrics + (isTogether ? [Column.resolution.name] : []), at, images: atImages).values(
      of: runs, threads: threads, files)
    let places =
      isTogether ? [] : MetricReading([Column.resolution.name], .last, images: atImages).values(of: runs, threads: threads, files)
    var read = Read()
    read.images = atImages
    for (number, run) in runs.enumerated() {
      do {
        var numbers = try values[number].get()
        // Of a hundred thousand runs the numbers are there once.
        values[number] = .success([])
        let resolution = isTogether ? numbers.removeLast() : try? places[number].get()[0]
        if let resolution { read.resolutions[run.name] = Int(exactly: resolution) }
        read.values.append(numbers)
        read.runs.append(run)
      } catch {
        read.skipped.append(RunCatalog.Skipped(run.directory, error))
      }
    }
    return read
  }
}

extension ComparedValues.Read {
  /// What must be known about the numbers in `rows`.
  func notes(_ rows: [ComparisonRow]) -> [String] {
    let names = rows.flatMap { $0.runs.map(\.name) }
    let found = Set(names.compactMap { resolutions[$0] }).sorted()
    var notes: [String] = []
    if found.count > 1 {
      let list = found.map(String.init).joined(separator: ", ")
      notes.append("these runs are at different resolutions (\(list)): metrics of different ones do not compare")
    }
    if let images {
      let missing = names.count { resolutions[$0] == nil }
      let runs = missing == 1 ? "1 run has" : "\(missing) runs have"
      if missing > 0 { notes.append("\(runs) not shown \(images) images: no metrics") }
    }
    return notes
  }
}

extension Reduction: ExpressibleByArgument {}
