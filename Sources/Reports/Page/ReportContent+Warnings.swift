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
    let copies = groups.reduce(0) { count, group in count + group.runs.count - group.runs.map(\.manifest.seed).distinct.count }
    if copies > 0 {
      warnings.append("\(copies) of the repeats \(copies == 1 ? "has" : "have") the seed of another one: intervals are too narrow.")
    }
    return warnings
  }
}
