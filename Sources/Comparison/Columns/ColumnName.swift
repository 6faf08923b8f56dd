/// A column of a comparison.
package enum ColumnName: Hashable, Sendable, CustomStringConvertible {
  case run, status, label, started, seconds
  /// A setting of the resolved spec, by its dotted path.
  case setting(String)
  /// A column of `metrics.csv` or `evaluations.csv`.
  case metric(String)

  /// Those that every comparison has.
  package static let fixed: [ColumnName] = [.run, .status, .label, .started, .seconds]

  /// As the CSV, a filter and `--sort` spell it: `params.optimizer.adam.rate`, `metrics.swd_mean`.
  package var description: String {
    switch self {
    case .run: "run"
    case .status: "status"
    case .label: "label"
    case .started: "started"
    case .seconds: "seconds"
    case .setting(let path): "params.\(path)"
    case .metric(let name): "metrics.\(name)"
    }
  }

  /// The name without `params.` or `metrics.` before it.
  package var short: String {
    switch self {
    case .setting(let path): path
    case .metric(let name): name
    default: description
    }
  }
}
