import Charts
import Comparison
import Foundation
import Spec

/// What each change of an ablation makes of the baseline, in one table.
struct AblationSection {
  let content: ReportContent

  var html: HTML {
    guard let baseline = content.baseline else { return HTML() }
    let changes = content.groups.filter { $0.first.directory != baseline.first.directory }
    return tag("section", ["id": "ablation"]) {
      tag("h2") { "Each change against the baseline" }
      tag("p") {
        "The mean difference by equal seeds and the 95% interval of that mean. p is that of a paired t test, corrected for the number "
          + "of changes (Holm)."
      }
      HTML.scrolling("Changes") {
        tag("table") {
          tag("thead") {
            tag("tr") {
              tag("th", ["scope": "col"]) { "Change" }
              HTML(content.metrics.flatMap { metric in [column(metric), column("Difference"), column("p")] })
            }
          }
          tag("tbody") { HTML(rows(changes, baseline)) }
        }
      }
    }
  }

  private func column(_ name: String) -> HTML { tag("th", ["scope": "col", "class": "number"]) { name } }

  private func rows(_ changes: [ReportGroup], _ baseline: ReportGroup) -> [HTML] {
    let columns = content.metrics.map { differences(of: changes, from: baseline, $0) }
    let first = row(baseline, content.metrics.map { _ in nil })
    return [first] + changes.indices.map { index in row(changes[index], columns.map { $0[index] }) }
  }

  private func row(_ group: ReportGroup, _ differences: [(sample: Sample, p: Double?)?]) -> HTML {
    tag("tr") {
      tag("th", ["scope": "row"]) { group.value(SweepSpec.changePath) ?? group.name }
      HTML(
        zip(content.metrics, differences).flatMap { metric, difference in
          [
            cell(group.sample(metric).map { NumberText.measure($0.mean) } ?? "–"), cell(difference.map { text($0.sample) } ?? ""),
            cell(difference?.p.map { String(format: "%.2g", $0) } ?? ""),
          ]
        })
    }
  }

  private func cell(_ text: String) -> HTML { tag("td", ["class": "number"]) { text } }

  private func text(_ sample: Sample) -> String {
    let mean = NumberText.measure(sample.mean)
    guard let interval = sample.interval95 else { return mean }
    return "\(mean) [\(NumberText.measure(interval.lowerBound)), \(NumberText.measure(interval.upperBound))]"
  }

  /// The differences of each change in a measure, with the corrected p; nil without pairs.
  private func differences(
    of changes: [ReportGroup], from baseline: ReportGroup, _ metric: String
  ) -> [(sample: Sample, p: Double?)?] {
    func measured(_ group: ReportGroup) -> [(UInt64, Double)] {
      group.members.compactMap { member in member.last[metric].map { (member.run.manifest.seed, $0) } }
    }
    let others = Dictionary(measured(baseline)) { earlier, _ in earlier }
    let pairs = changes.map { measured($0).compactMap { seed, value in others[seed].map { (value, $0) } } }
    let tests = pairs.map { PairedTest.t($0.map(\.0), $0.map(\.1))?.p }
    let known = tests.indices.filter { tests[$0] != nil }
    let corrected = Dictionary(uniqueKeysWithValues: zip(known, PairedTest.corrected(known.map { tests[$0]! })))
    return changes.indices.map { index in
      Sample(pairs[index].map { $0.0 - $0.1 }).map { (sample: $0, p: corrected[index]) }
    }
  }
}
