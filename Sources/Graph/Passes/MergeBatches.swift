extension Pass {
  /// Applies a filter that is larger than its images to several batches at once, where none waits for another: the filter is
  /// read, and prepared, once instead of for each.
  static let mergeBatches = Pass(
    "merge batches",
    whole: { old, wanted throws(ShapeError) in
      var merging = BatchMerging(old, live: old.live(from: wanted))
      merging.findTeams()
      return try merging.rebuilt(wanted: wanted)
    })
}

/// Convolutions with the same filter, joined in teams.
private struct BatchMerging {
  private let old: Graph
  private let live: [Bool]
  /// Of each node that was joined: the first of its team.
  private var leaders: [Int: Int] = [:]
  /// In ascending order, by the first.
  private var teams: [Int: [Int]] = [:]

  init(_ old: Graph, live: [Bool]) { (self.old, self.live) = (old, live) }

  /// Joins each convolution with the first that it fits to.
  mutating func findTeams() {
    let candidates = old.nodes.indices.filter { live[$0] && filter(of: $0) != nil }
    for (index, id) in candidates.enumerated() {
      for leader in candidates[..<index] where leaders[leader] ?? leader == leader && isPair(leader, id) {
        // Neither may need the other, or they would wait for themselves.
        if depends(id, on: leader) || depends(leader, on: id) { continue }
        teams[leader, default: [leader]].append(id)
        (leaders[leader], leaders[id]) = (leader, leader)
        break
      }
    }
  }

  private func convolution(_ id: Int) -> Convolution? { old.nodes[id].op as? Convolution }

  /// The node that is the filter of an output or of an image's gradient.
  private func filter(of id: Int) -> Int? {
    guard let convolution = convolution(id), !convolution.accumulates, convolution.result != .b else { return nil }
    // Batches of groups do not lie one after the other.
    guard convolution.extents.groups == 1 else { return nil }
    return old.nodes[id].inputs[convolution.result == .c ? 1 : 0]
  }

  private func isPair(_ leader: Int, _ id: Int) -> Bool {
    guard let first = convolution(leader), var second = convolution(id), filter(of: leader) == filter(of: id) else { return false }
    second.extents.batch = first.extents.batch
    guard first == second else { return false }
    let whole = joined((teams[leader] ?? [leader]) + [id]).extents
    return whole.imageCount + whole.outputCount < whole.filterCount
  }

  private func joined(_ team: [Int]) -> Convolution {
    var whole = convolution(team[0])!
    whole.extents.batch = team.reduce(0) { $0 + convolution($1)!.extents.batch }
    return whole
  }

  private func team(of id: Int) -> [Int] { teams[leaders[id] ?? id] ?? [id] }

  /// Whether `id`, or what it is joined with, needs the result of `other` or of what that is joined with.
  private func depends(_ id: Int, on other: Int) -> Bool {
    let sought = Set(team(of: other))
    var seen: Set<Int> = [], waiting = team(of: id)
    while let next = waiting.popLast() {
      for input in old.nodes[next].inputs where seen.insert(input).inserted {
        if sought.contains(input) { return true }
        waiting += team(of: input)
      }
    }
    return false
  }

  /// The graph with one convolution for each team, whose members are slices of it.
  func rebuilt(wanted: [Int]) throws(ShapeError) -> (graph: Graph, wanted: [Int]) {
    let new = Graph()
    var moved: [Int: Tensor] = [:]
    for id in old.nodes.indices where live[id] { try move(id, to: new, &moved) }
    return (new, wanted.map { moved[$0]!.id })
  }

  /// Adds a node after what it needs.
  private func move(_ id: Int, to new: Graph, _ moved: inout [Int: Tensor]) throws(ShapeError) {
    if moved[id] != nil { return }
    let team = team(of: id)
    for member in team { for input in old.nodes[member].inputs { try move(input, to: new, &moved) } }
    guard team.count > 1 else {
      moved[id] = try new.add(old.nodes[id].op, old.nodes[id].inputs.map { moved[$0]! })
      return
    }
    let whole = joined(team), filterSlot = whole.result == .c ? 1 : 0
    let images = try new.add(Concatenate(axis: 0), team.map { moved[old.nodes[$0].inputs[1 - filterSlot]]! })
    let filter = moved[old.nodes[id].inputs[filterSlot]]!
    let result = try new.add(whole, filterSlot == 1 ? [images, filter] : [filter, images])
    var start = 0
    for member in team {
      let end = start + convolution(member)!.extents.batch
      moved[member] = try result.apply(Slice(axis: 0, range: start..<end))
      start = end
    }
  }
}
