import Basics
import Runs
import Spec
import Studies
import Training

/// What `sweep --dry-run` shows: every trial, and what all of them take.
struct SweepBillText {
  private let source: SweepSource
  private let bill: SweepBill
  private let (workers, threads): (Int, Int)

  init(_ source: SweepSource, _ trials: [Trial], workers: Int, threads: Int, timing: Bool) throws {
    self.source = source
    self.workers = workers
    self.threads = max(1, threads / workers)
    bill = try SweepBill(source, trials, threads: self.threads, timing: timing)
  }

  /// Prints the table and the bill, and saves the table at `csv`.
  func show(csv: String?, _ outputs: OutputFiles) throws {
    Console.show(table, else: "--csv")
    print("")
    for line in lines { print(line) }
    if let csv { try outputs.write(csvText, to: csv, .bill) }
  }

  /// Whether `columns` are those of a saved table.
  static func isHeader(_ columns: [String]) -> Bool {
    columns.starts(with: firstColumns) && columns.suffix(lastColumns.count) == lastColumns[...]
  }

  private static let firstColumns = ["trial", "point", "repeat"]
  private static let lastColumns = ["iterations", "cpu_hours", "bytes"]

  private var table: Table {
    let numeric = ["ITERATIONS", "CPU HOURS", "MB"]
    let hasSeed = !source.sweep.paths.contains("seed")
    let titles = ["TRIAL"] + source.sweep.paths + (hasSeed ? ["SEED"] : []) + numeric
    var table = Table(titles.map { Table.Column($0, numeric.contains($0) ? .right : .left, rank: $0 == "SEED" ? 1 : 0) })
    for item in bill.items {
      table.append(
        [item.trial.name] + item.trial.values.map(\.shortened)
          + (hasSeed ? ["\(item.trial.seed)"] : [])
          + [
            "\(item.iterations)", item.seconds.map { hours($0) } ?? "-",
            String(format: "%.1f", Double(item.bytes) * 1e-6),
          ])
    }
    return table
  }

  private var lines: [String] {
    var lines: [String] = []
    if bill.unknownTrials > 0 {
      lines.append("and \(bill.unknownTrials) more, whose values follow from what the trials give; taken to be like these")
    }
    let shared = bill.prefixes.savedIterations
    lines.append("trials: \(bill.items.count + bill.unknownTrials)")
    if let sets = source.exhaustibleSets {
      lines.append(
        "search.\(source.sweep.search.key) asks for \(source.sweep.search.points ?? 0) sets of values, and there \(sets == 1 ? "is" : "are") \(sets)"
      )
    }
    lines.append("iterations: \(bill.iterations - shared)" + (shared > 0 ? " (\(bill.iterations) without sharing)" : ""))
    if shared > 0 {
      lines.append(
        "shared: \(bill.prefixes.prefixes.count) beginnings are trained once, which saves \(shared) iterations"
          + (bill.savedSeconds.map { " and \(hours($0)) CPU hours" } ?? ""))
    }
    if let seconds = bill.seconds {
      let rest = seconds - (bill.savedSeconds ?? 0)
      lines.append("CPU hours: \(hours(rest))")
      lines.append(
        "time: about \(ProgressObserver.duration(rest / Double(workers))) with \(workers) at a time on \(threads) \(threads == 1 ? "thread" : "threads") each"
      )
    }
    if source.sweep.stopping != nil { lines.append("stopping rules end some trials early: this is the most that it takes") }
    lines.append("disk: about \(String(format: "%.1f", Double(bill.bytes) * 1e-6)) MB")
    return lines
  }

  private var csvText: String {
    let hasSeed = !source.sweep.paths.contains("seed")
    let header = CSV.header(
      Self.firstColumns + (hasSeed ? ["seed"] : []) + source.sweep.paths + Self.lastColumns)
    return header
      + bill.items.map { item in
        let counts: [CSVCell] = [.integer(item.trial.number), .integer(item.trial.point), .integer(item.trial.repeat)]
        let seconds = item.seconds.map { $0 * Double(threads) / 3600 }
        return CSV.line(
          counts + (hasSeed ? [.text("\(item.trial.seed)")] : []) + item.trial.values.map(Trial.cell)
            + [.integer(item.iterations), .optional(seconds), .integer(item.bytes)])
      }.joined()
  }

  /// Seconds of a worker as hours of processors.
  private func hours(_ seconds: Double) -> String { String(format: "%.3g", seconds * Double(threads) / 3600) }
}
