import Foundation
import Testing

/// The cases that `scripts/python make_statistics_fixture.py` had SciPy compute.
struct StatisticsFixture {
  /// A line of the file.
  struct Case: CustomTestStringConvertible {
    let line: Int
    let kind: String
    /// Arguments and outcomes; nan where there is no such statistic.
    let numbers: [Double]
    let lists: [[Double]]

    var testDescription: String { "line \(line): \(kind) \(numbers)" }
  }

  static let cases: [Case] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let text = (try? String(contentsOf: folder.appending(path: "Fixtures/statistics.txt"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").enumerated().map { index, line in
      let parts = line.split(separator: "|").map { $0.split(separator: " ") }
      return Case(
        line: index + 1, kind: String(parts[0][0]), numbers: parts[0].dropFirst().compactMap { Double($0) },
        lists: parts.dropFirst().map { $0.compactMap { Double($0) } })
    }
  }()

  static func cases(_ kind: String) -> [Case] { cases.filter { $0.kind == kind } }
}

/// Whether both say the same: nothing (nil, nan), or numbers within 1e-10 of each other relative to them and to `scale`, the size of
/// the numbers that they are the difference of.
func agrees(_ value: Double?, _ expected: Double, scale: Double = 0) -> Bool {
  guard let value else { return expected.isNaN }
  return abs(value - expected) <= 1e-10 * max(abs(expected), scale)
}
