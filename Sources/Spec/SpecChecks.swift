import Basics

/// The checks that look at several settings together. Each is made only when all that it looks at could be read.
struct SpecChecks {
  let spec: ExperimentSpec
  let root: Node
  let reader: FieldReader
  let language: Language
  /// Whether it is a run's own: earlier versions took columns that are never measured.
  var isRecorded = false

  /// What does not fit together.
  var mistakes: [Diagnostic] {
    var mistakes: [Diagnostic] = []
    func check(_ paths: String..., make: () -> [Diagnostic]) {
      if paths.allSatisfy(reader.isSound) { mistakes += make() }
    }
    mistakes += resolutions
    if mistakes.isEmpty {
      check("schedule.phases", "generator.widths") { widths(spec.generator.widths, of: "generator") }
      check("schedule.phases", "discriminator.widths") { widths(spec.discriminator.widths, of: "discriminator") }
      check("schedule.phases", "data.resolution") { dataResolution }
      check("schedule.phases") { drops }
    }
    if mistakes.isEmpty {
      check("schedule.phases") {
        LadderChecks(spec: spec, reader: reader, isSaid: isSaid) { path, message, note in error(path, message, note: note) }
          .mistakes
      }
    }
    if mistakes.isEmpty && reader.diagnostics.isEmpty && !isRecorded { mistakes += unusedKinds }
    mistakes += lengths
    check("loss", "generator.mapping") {
      LossChecks(spec: spec, language: language) { path, message, note in error(path, message, note: note) }.mistakes
    }
    check("data") { limitSeed }
    check("watch") { repeatedRules }
    check("record.evaluate.metrics") { repeatedMetrics }
    check("loss", "schedule.phases", "record.evaluate", "record.metrics") { columns }
    return mistakes
  }

  /// Phases go up by doubling.
  private var resolutions: [Diagnostic] {
    let phases = spec.schedule.phases
    return phases.indices.dropFirst().compactMap { index in
      let areSound =
        reader.isSound("schedule.phases.\(index - 1).resolution") && reader.isSound("schedule.phases.\(index).resolution")
      let (before, this) = (phases[index - 1].resolution, phases[index].resolution)
      guard areSound, this != before * 2 else { return nil }
      let what = this <= before ? "does not go up" : "skips \(before * 2)"
      let hint = this > before * 2 ? String(before * 2) : nil
      let note = before * 2 <= SpecLimits.resolutions.upperBound ? "each phase has twice the resolution of the one before" : nil
      return error(
        "schedule.phases.\(index).resolution", "is \(this) after \(before): the schedule \(what)", note: note, suggestion: hint)
    }
  }

  /// Every phase lasts, and the first fades only above 4x4.
  private var lengths: [Diagnostic] {
    let lowest = SpecLimits.resolutions.lowerBound
    return spec.schedule.phases.enumerated().compactMap { index, phase in
      let path = "schedule.phases.\(index)"
      guard reader.isSound(path) else { return nil }
      if index == 0 && phase.fade > 0 && phase.resolution == lowest {
        return error("\(path).fade", "is \(phase.fade), but there is nothing below 4x4 to fade from", note: "use hold instead")
      }
      if phase.fade + phase.hold == 0 { return error(path, "lasts no iteration: it needs a fade or a hold of at least 1") }
      return nil
    }
  }

  /// One width for each resolution from 4x4 to the last phase.
  private func widths(_ widths: [Int], of network: String) -> [Diagnostic] {
    guard let last = spec.schedule.phases.last?.resolution else { return [] }
    let needed = (last / SpecLimits.resolutions.lowerBound).trailingZeroBitCount + 1
    guard widths.count != needed else { return [] }
    let numbers = widths.count == 1 ? "1 number" : "\(widths.count) numbers"
    let note = "one for each of " + (0..<needed).map { String(4 << $0) }.joined(separator: ", ")
    return [error("\(network).widths", "has \(numbers), but phases up to \(last) need \(needed)", note: note)]
  }

  private var dataResolution: [Diagnostic] {
    let highest = spec.schedule.phases.map(\.resolution).max() ?? 0
    guard spec.data.resolution < highest else { return [] }
    return [error("data.resolution", "is \(spec.data.resolution), less than the \(highest) of the highest phase")]
  }

  /// A seed chooses images where not all are used.
  private var limitSeed: [Diagnostic] {
    guard spec.data.limitSeed != nil, spec.data.limit == nil else { return [] }
    return [error("data.limit_seed", "chooses nothing without data.limit", note: "give data.limit, or leave it out")]
  }

  /// Whether the file says the setting at `path`: what a recipe says is placed at its network's key.
  private func isSaid(_ path: [String]) -> Bool {
    guard let network = root.entries?.first(where: { $0.key == path[0] }),
      let entry = network.value.entries?.first(where: { $0.key == path[1] })
    else { return false }
    return entry.keyMark.position != network.keyMark.position
  }

  /// What `layers` of a network says is said of some layer. Recipes may say more, and so do runs of the first version.
  private var unusedKinds: [Diagnostic] {
    guard case .mapping(let entries) = root.content else { return [] }
    return entries.filter { Node.networks.contains($0.key) }.flatMap { network -> [Diagnostic] in
      let used = network.key == "generator" ? spec.generator.kinds : spec.discriminator.kinds
      let said = network.value.entries?.first { $0.key == "layers" }?.value.entries ?? []
      return said.filter { !used.contains($0.key) && $0.keyMark.position != network.keyMark.position }.map {
        $0.keyMark.error("\(network.key).layers.\($0.key) says what no layer is: \(network.key) has no \($0.key)")
      }
    }
  }

  /// Each drop lies inside a phase, and no two at the same place.
  private var drops: [Diagnostic] {
    spec.optimizer.drops.enumerated().compactMap { index, drop in
      let path = "optimizer.drops.\(index)"
      guard reader.isSound(path) else { return nil }
      guard let phase = spec.schedule.phases.first(where: { $0.resolution == drop.resolution }) else {
        let all = spec.schedule.phases.map { String($0.resolution) }.joined(separator: ", ")
        return error("\(path).resolution", "is \(drop.resolution), but the phases are \(all)")
      }
      let length = phase.fade + phase.hold
      guard drop.after < length else {
        return error("\(path).after", "is \(drop.after), but the phase lasts only \(length) iterations")
      }
      let isTwin = spec.optimizer.drops[..<index].contains { $0.resolution == drop.resolution && $0.after == drop.after }
      return isTwin ? error(path, "is a second drop at the same iteration") : nil
    }
  }

  /// No rule stands twice: what a rule has counted is kept by its name.
  private var repeatedRules: [Diagnostic] {
    spec.watch.enumerated().compactMap { index, rule in
      guard let first = spec.watch[..<index].firstIndex(where: { $0.name == rule.name }) else { return nil }
      return error("watch.\(index)", "says the same as watch.\(first)")
    }
  }

  /// No metric is measured twice: a column has one meaning.
  private var repeatedMetrics: [Diagnostic] {
    let metrics = spec.record.evaluate.metrics
    return metrics.enumerated().compactMap { index, metric in
      guard metrics[..<index].contains(where: { $0.key == metric.key }) else { return nil }
      return error("record.evaluate.metrics.\(index)", "is \(metric.key) again")
    }
  }

  /// Rules and retention name columns that this experiment has, and that it measures.
  private var columns: [Diagnostic] {
    let measured = MeasuredColumns(spec, language)
    func mistake(_ path: String, _ column: String) -> Diagnostic? {
      guard reader.isSound(path), let obstacle = measured.obstacle(to: column) else { return nil }
      let node = root.nearest(to: SpecPath(steps: path.split(separator: ".").map(String.init)))
      var mark = node.mark
      if case .scalar(let text, _) = node.content, let place = try? WatchCondition.parse(text).column {
        mark = node.mark(of: place)
      }
      let subject = "\(path) speaks of '\(column.shortened)', which is"
      let unknown = "\(subject) no column of metrics.csv or evaluations.csv"
      switch obstacle {
      case .unknown(let note, let suggestion): return mark.error(unknown, note: note, suggestion: suggestion)
      case .unmeasured(let isColumn, let reason, let note):
        if isRecorded && isColumn { return nil }
        return mark.error("\(isColumn ? "\(subject) never measured" : unknown): \(reason)", note: note)
      }
    }
    let rules = spec.watch.enumerated().map { ("watch.\($0).when", $1.when.column) }
    let best = spec.record.checkpoints.best.map { [("record.checkpoints.best.column", $0.column)] } ?? []
    return (rules + best).compactMap(mistake)
  }

  /// An error that begins with the path, at the setting or at what it would stand in.
  private func error(_ path: String, _ message: String, note: String? = nil, suggestion: String? = nil) -> Diagnostic {
    let steps = SpecPath(steps: path.split(separator: ".").map(String.init))
    return root.nearest(to: steps).mark.error("\(path) \(message)", note: note, suggestion: suggestion)
  }
}
