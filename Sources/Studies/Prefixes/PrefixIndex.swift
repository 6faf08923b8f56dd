import Basics
import Spec

/// Which trials have which prefixes in common. Kept as `prefixes/index.csv`, since finding out takes reading every spec.
package struct PrefixIndex: Equatable, Sendable {
  private static let columns = ["prefix", "parent", "phase", "iteration", "trials"]
  private static let largest = 32 << 20

  /// Shorter ones before those that continue them.
  package private(set) var prefixes: [Prefix] = []
  private var deepest: [Int: Int] = [:]

  /// The prefixes that at least two of `specs` have, by the numbers of the trials. Of several with the same trials, only the longest is there.
  package init(_ specs: [(trial: Int, spec: ExperimentSpec)]) {
    let chains = specs.map { Prefix.chain(of: $0.spec, trial: $0.trial) }
    var trials: [String: [Int]] = [:]
    for prefix in chains.joined() { trials[prefix.name, default: []] += prefix.trials }
    var seen: Set<String> = []
    for chain in chains {
      var parent: String?
      for (index, prefix) in chain.enumerated() {
        let sharers = trials[prefix.name] ?? []
        let next = chain.dropFirst(index + 1).first.flatMap { trials[$0.name] } ?? []
        guard sharers.count > 1, sharers.count > next.count else { continue }
        if seen.insert(prefix.name).inserted {
          prefixes.append(
            Prefix(name: prefix.name, parent: parent, phase: prefix.phase, iteration: prefix.iteration, trials: sharers))
        }
        parent = prefix.name
      }
    }
    index()
  }

  /// The prefixes of the trials of a sweep; none when they are not to be shared.
  package init(_ source: SweepSource, _ trials: [Trial]) throws(Diagnostics) {
    guard source.sweep.sharesPrefixes, !StrategyCatalog.isAdaptive(source.sweep) else {
      self.init([])
      return
    }
    var specs: [(trial: Int, spec: ExperimentSpec)] = []
    for trial in trials { specs.append((trial.number, try source.experiment(of: trial))) }
    self.init(specs)
  }

  /// Reads the index of the sweep in `directory`.
  init(_ directory: SweepDirectory, _ files: any FileSystem) throws {
    let path = Self.path(directory)
    guard let table = try? CSVTable(try files.contents(of: path, limit: Self.largest)), table.columns == Self.columns else {
      throw TrialTable.Damaged(path: path, reason: "it is not an index of prefixes")
    }
    for row in table.rows {
      // A parent stands before what continues it, so there is no way round in circles.
      guard let phase = Int(row[2]), let iteration = Int(row[3]), row[1].isEmpty || prefix(named: row[1]) != nil else {
        throw TrialTable.Damaged(path: path, reason: "'\(row[0])' is not a prefix")
      }
      prefixes.append(
        Prefix(
          name: row[0], parent: row[1].isEmpty ? nil : row[1], phase: phase, iteration: iteration,
          trials: row[4].split(separator: " ").compactMap { Int($0) }))
    }
    index()
  }

  /// Writes the index of the sweep in `directory`.
  func write(to directory: SweepDirectory, _ files: any FileSystem) throws(FileError) {
    let lines = prefixes.map { prefix in
      CSV.line([
        .text(prefix.name), .text(prefix.parent ?? ""), .integer(prefix.phase), .integer(prefix.iteration),
        .text(prefix.trials.map(String.init).joined(separator: " ")),
      ])
    }
    try AtomicFile.write(CSV.header(Self.columns) + lines.joined(), to: Self.path(directory), in: files)
  }

  /// The longest prefix that `trial` continues from.
  package func prefix(of trial: Trial) -> Prefix? { deepest[trial.number].map { prefixes[$0] } }

  /// The shorter prefix that `prefix` continues.
  package func prefix(parentOf prefix: Prefix) -> Prefix? { prefix.parent.flatMap(self.prefix(named:)) }

  /// The prefix of this name.
  package func prefix(named name: String) -> Prefix? { prefixes.first { $0.name == name } }

  /// Iterations that are trained once instead of by every trial.
  package var savedIterations: Int {
    prefixes.reduce(0) { sum, prefix in
      let own = prefix.iteration - (self.prefix(parentOf: prefix)?.iteration ?? 0)
      return sum + own * (prefix.trials.count - 1)
    }
  }

  private mutating func index() {
    for (index, prefix) in prefixes.enumerated() {
      for trial in prefix.trials where prefix.iteration > (deepest[trial].map { prefixes[$0].iteration } ?? 0) {
        deepest[trial] = index
      }
    }
  }

  private static func path(_ directory: SweepDirectory) -> String { Path.join(directory.prefixes, "index.csv") }
}
