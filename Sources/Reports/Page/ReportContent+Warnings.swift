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
    func name(_ members: [Measured]) -> String {
      members[0].run.name + (members.count == 1 ? "" : " and \(members.count - 1) more")
    }
    let small = members.filter { member in SmallSets.swdNote { member.last[$0] } != nil }
    if let first = small.first, let note = SmallSets.swdNote({ first.last[$0] }) { warnings.append("\(name(small)): \(note).") }
    let noisy = members.filter { member in SmallSets.isNoise { member.last[$0] } }
    if !noisy.isEmpty { warnings.append("\(name(noisy)): \(SmallSets.noise).") }
    if !skipped.isEmpty {
      warnings.append("\(skipped.count == 1 ? "1 folder is" : "\(skipped.count) folders are") left out; see the end.")
    }
    return warnings
  }
}
