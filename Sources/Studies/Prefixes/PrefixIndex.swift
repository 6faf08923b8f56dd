import Basics
import Spec

/// Which trials have which prefixes in common. Kept as `prefixes/index.csv`, since finding out takes reading every spec.
package struct PrefixIndex: Equatable, Sendable {
  private static let columns = ["prefix", "parent", "phase", "iteration", "trials"]
  static let largest = 32 << 20
  /// More than any schedule has, and small enough to compute with.
  private static let (mostPhases, mostIterations) = (1 << 20, 1 << 48)

  /// Shorter ones before those that continue them.
  package private(set) var prefixes: [Prefix] = []
  private var deepest: [Int: Int] = [:]
  private var places: [String: Int] = [:]

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
    guard source.sweep.sharesPrefixes, !source.sweep.search.isAdaptive else {
      self.init([])
      return
    }
    // What takes effect at once is different from the beginning: only trials that agree in it can share one.
    let early = source.sweep.paths.indices.filter { !Self.isLate(source.sweep.paths[$0]) }
    let groups = Dictionary(grouping: trials) { trial in early.map { trial.values[$0] } + ["\(trial.seed)"] }
    let sharing = Set(groups.values.filter { $0.count > 1 }.joined().map(\.number))
    guard !sharing.isEmpty else {
      self.init([])
      return
    }
    var specs: [(trial: Int, spec: ExperimentSpec)] = []
    let template = try source.template()
    for trial in trials where sharing.contains(trial.number) {
      specs.append((trial.number, try template.spec(source.overrides(of: trial))))
    }
    self.init(specs)
  }

  /// Whether a setting may take effect after the first phase, or never.
  private static func isLate(_ path: String) -> Bool {
    ["name", "schedule", "schedule.phases", "optimizer", "optimizer.drops"].contains(path)
      || path.hasPrefix("schedule.phases.") || path.hasPrefix("optimizer.drops.")
  }

  /// Reads the index of the sweep in `directory`. Throws ``Study/Changed`` when it is another than what `manifest` says.
  init(_ directory: SweepDirectory, of manifest: SweepManifest? = nil, _ files: any FileSystem) throws {
    let path = directory.prefixIndex
    func damaged(_ reason: String) -> UnusableFile { UnusableFile(path, reason) }
    let bytes = try Study.beginning(path, limit: Self.largest, directory, manifest, files)
    let table: CSVTable
    do throws(CSVTable.Problem) {
      table = try CSVTable(bytes)
    } catch {
      throw damaged("it is not an index of prefixes: \(error)")
    }
    guard table.columns == Self.columns else { throw damaged("it is not an index of prefixes") }
    var known: [String: Prefix] = [:]
    for (index, row) in table.rows.enumerated() {
      let numbers = row[4].split(separator: " ", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      // A name becomes a folder. A parent stands before what continues it and ends earlier, so there is no way round in circles.
      guard Prefix.isName(row[0]), known[row[0]] == nil, let phase = Int(row[2]), (1...Self.mostPhases).contains(phase),
        let iteration = Int(row[3]), (1...Self.mostIterations).contains(iteration),
        numbers.allSatisfy((1...SweepSpec.mostTrials).contains)
      else { throw damaged("line \(index + 2) is not a prefix") }
      let parent = row[1].isEmpty ? nil : known[row[1]]
      guard row[1].isEmpty || parent.map({ $0.iteration < iteration && $0.phase < phase }) == true else {
        throw damaged("line \(index + 2) continues what is no shorter prefix before it")
      }
      let prefix = Prefix(name: row[0], parent: parent?.name, phase: phase, iteration: iteration, trials: numbers)
      known[prefix.name] = prefix
      prefixes.append(prefix)
    }
    self.index()
  }

  /// The file's content.
  var text: String {
    let lines = prefixes.map { prefix in
      CSV.line([
        .text(prefix.name), .text(prefix.parent ?? ""), .integer(prefix.phase), .integer(prefix.iteration),
        .text(prefix.trials.map(String.init).joined(separator: " ")),
      ])
    }
    return CSV.header(Self.columns) + lines.joined()
  }

  /// The longest prefix that `trial` continues from.
  package func prefix(of trial: Trial) -> Prefix? { deepest[trial.number].map { prefixes[$0] } }

  /// The shorter prefix that `prefix` continues.
  package func prefix(parentOf prefix: Prefix) -> Prefix? { prefix.parent.flatMap(self.prefix(named:)) }

  /// The prefix of this name.
  package func prefix(named name: String) -> Prefix? { places[name].map { prefixes[$0] } }

  /// Iterations that are trained once instead of by every trial.
  package var savedIterations: Int {
    prefixes.reduce(0) { sum, prefix in
      let own = prefix.iteration - (self.prefix(parentOf: prefix)?.iteration ?? 0)
      return sum + own * (prefix.trials.count - 1)
    }
  }

  private mutating func index() {
    for (index, prefix) in prefixes.enumerated() {
      places[prefix.name] = index
      for trial in prefix.trials where prefix.iteration > (deepest[trial].map { prefixes[$0].iteration } ?? 0) {
        deepest[trial] = index
      }
    }
  }
}
