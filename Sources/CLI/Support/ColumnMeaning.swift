import Basics
import Runs
import Spec
import Studies

/// What a column of a run's CSV files holds, for `fadein explain`.
struct ColumnMeaning {
  /// The file's name, as in `metrics.csv`.
  let file: String
  /// The column; `<term>` and `<side>` stand for what differs between experiments.
  let column: String
  /// One sentence without a full stop.
  let meaning: String

  /// Every column of every table of a run, in the order of the files.
  static let all = [
    (
      "metrics.csv",
      MetricsColumns(
        terms: NetworkRole.allCases.map { .loss($0, "<term>") }, measured: [.gradientNorm, .augmentProbability, .overfitting]
      ).all
    ),
    ("timing.csv", Column.timing), ("phases.csv", Column.phases), ("evaluations.csv", EvaluationColumns.places + measured),
    ("events.csv", EventRow.columns), ("dataset.csv", DatasetRow.columns),
  ].flatMap { file, columns in columns.map { ColumnMeaning(file: file, column: $0.name, meaning: $0.meaning) } }

  private static var measured: [Column] {
    var columns: [Column] = []
    for column in Language.fadein.measured.map(\.column) where !column.name.hasPrefix(Column.floor) {
      let name = column.name.replacing(/[0-9]+/, with: "<side>")
      if columns.last?.name != name { columns.append(Column(name, column.kind, column.meaning)) }
    }
    return columns + [Column(Column.floor + "<column>", .number, "The same between training images")]
  }

  /// Whether `name` is such a column.
  func isOf(_ name: String) -> Bool {
    let parts = column.split(separator: "<", maxSplits: 1).map(String.init)
    guard parts.count == 2, let end = parts[1].firstIndex(of: ">") else { return name == column }
    let (head, rest) = (parts[0], parts[1][parts[1].index(after: end)...])
    guard name.hasPrefix(head), name.hasSuffix(rest), name.utf8.count > head.utf8.count + rest.utf8.count else { return false }
    let middle = name.dropFirst(head.count).dropLast(rest.count)
    return parts[1].hasPrefix("side") ? middle.allSatisfy(\.isNumber) : true
  }
}
