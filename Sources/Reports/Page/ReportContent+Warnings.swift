import Basics
import Spec

/// What makes a comparison worth less than it looks.
extension ReportContent {
  /// One sentence for each reason to doubt that these runs can be compared.
  var warnings: [String] {
    var warnings: [String] = []
    func warn(_ values: [String?], _ sentence: (Int) -> String) {
      let known = Set(values.compactMap { $0 })
      if known.count > 1 { warnings.append(sentence(known.count)) }
    }
    warn(runs.map(\.manifest.datasetHash)) { "The runs were trained on \($0) different sets of images." }
    warn(runs.map(\.manifest.fadeinVersion)) { "The runs come from \($0) versions of Fadein." }
    let unfinished = runs.count { $0.status != .finished }
    if unfinished > 0 {
      warnings.append("\(unfinished) of \(runs.count) runs \(unfinished == 1 ? "has" : "have") not reached the end.")
    }
    let resolutions = Set(groups.flatMap(\.members).compactMap(\.resolution)).sorted().map(String.init)
    if resolutions.count > 1 {
      warnings.append(
        "The runs are at different resolutions (\(resolutions.joined(separator: ", "))), whose measures do not compare.")
    }
    if !repeated.isEmpty {
      warnings.append(
        "\(repeated.count == 1 ? "1 run has" : "\(repeated.count) runs have") the settings and the seed of another one and "
          + "\(repeated.count == 1 ? "does" : "do") not count.")
    }
    let members = groups.flatMap(\.members)
    let floors = members.compactMap { $0.last[Column.floor + "swd_mean"] }
    if let note = floors.max().flatMap(SmallSets.note) { warnings.append(sentence(note)) }
    let noisy = members.filter { member in
      guard let value = member.last["ms_ssim"], let floor = member.last[Column.floor + "ms_ssim"] else { return false }
      return floor - value > SmallSets.margin
    }
    if let first = noisy.first {
      let others = noisy.count == 1 ? "" : " and \(noisy.count - 1) more"
      warnings.append("\(first.run.name)\(others): " + SmallSets.noise + ".")
    }
    if !skipped.isEmpty {
      warnings.append("\(skipped.count == 1 ? "1 folder is" : "\(skipped.count) folders are") left out; see the end.")
    }
    return warnings
  }

  private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}
