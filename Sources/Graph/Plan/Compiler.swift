import Kernels

extension Plan {
  /// Compiles what `outputs` and `effects` ask for: passes, fusion, order, memory.
  package init(outputs: [String: Tensor], effects: [Effect] = [], passes: [Pass] = Pass.all) throws(ShapeError) {
    let names = outputs.keys.sorted()
    var wanted = names.map { outputs[$0]!.id } + effects.flatMap { ($0.operands + $0.targets).map(\.id) }
    guard var graph = outputs.values.first?.graph ?? effects.first?.operands.first?.graph else {
      preconditionFailure("a plan without outputs")
    }
    for pass in passes { (graph, wanted) = try pass.apply(to: graph, wanted: wanted) }
    var rest = wanted[names.count...]
    func take(_ count: Int) -> [Int] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let placed = effects.map { effect in
      Compiler.PlacedEffect(
        name: effect.name, operands: take(effect.operands.count), targets: take(effect.targets.count), kernel: effect.kernel)
    }
    self = Compiler(graph, wanted: wanted).plan(outputs: Array(zip(names, wanted)), effects: placed)
  }
}

/// Orders the steps of a graph and places their values.
private struct Compiler {
  struct PlacedEffect {
    let name: String
    let operands: [Int]
    let targets: [Int]
    let kernel: Kernel
  }

  private struct Draft {
    let name: String
    let kernel: Kernel
    let inputs: [Int]
    let outputs: [Int]
    /// Steps run by position; an effect's comes after the step whose position it shares.
    let position: Int
    /// The number of an effect, from 1; 0 of a step.
    let effect: Int
  }

  private let graph: Graph
  private let lowerings: [Int: Lowering]
  private let wanted: [Int]

  init(_ graph: Graph, wanted: [Int]) {
    self.graph = graph
    self.wanted = wanted
    let live = graph.live(from: wanted)
    var lowerings: [Int: Lowering] = [:]
    for (id, node) in graph.nodes.enumerated() where live[id] {
      lowerings[id] = node.op.lowering(node.inputs.map { graph.nodes[$0].shape }, node.shape)
    }
    self.lowerings = lowerings
  }

  func plan(outputs: [(String, Int)], effects: [PlacedEffect]) -> Plan {
    var drafts = graph.nodes.indices.compactMap { id -> Draft? in
      guard case .kernel(let kernel)? = lowerings[id] else { return nil }
      let node = graph.nodes[id]
      return Draft(name: Self.name(node), kernel: kernel, inputs: node.inputs, outputs: [id], position: id, effect: 0)
    }
    let groups = Fusion(graph, lowerings: lowerings, demanded: Set(wanted)).groups
    for group in groups {
      var builder = TileProgramBuilder(graph, lowerings: lowerings, group: group)
      let program = builder.build()
      if let (index, fused) = following(drafts, program, builder, group, groups) {
        drafts[index] = fused
        continue
      }
      drafts.append(
        Draft(
          name: "tile \(group.space.full)", kernel: program.kernel(), inputs: builder.inputs,
          outputs: builder.outputs + builder.sums, position: group.position, effect: 0))
    }
    // Effects on the same memory come in the order in which they are given.
    for (index, effect) in effects.enumerated() { drafts.append(draft(of: effect, number: index + 1, after: drafts)) }
    drafts.sort { ($0.position, $0.effect, $0.name) < ($1.position, $1.effect, $1.name) }
    return place(drafts, outputs: outputs)
  }

  /// The program done piece by piece behind the kernel step that makes one of its operands, if everything else that it reads
  /// is there by then.
  private func following(
    _ drafts: [Draft], _ program: TileProgram, _ builder: TileProgramBuilder, _ group: TileGroup, _ groups: [TileGroup]
  ) -> (index: Int, draft: Draft)? {
    let full = group.space.full
    for (index, draft) in drafts.enumerated().reversed() where draft.kernel.pieces != nil && draft.position < group.position {
      guard let result = draft.outputs.first, let operand = builder.inputs.firstIndex(of: result),
        graph.nodes[result].shape == full, program.space.a == full[0], program.space.b == full[1],
        builder.inputs.allSatisfy({ $0 == result || isThere($0, before: draft.position, drafts) })
      else { continue }
      let isLocal = draft.kernel.pieces?.local != nil && isRead(result, onlyBy: group, groups)
      guard
        let kernel = program.kernel(
          following: draft.kernel, as: operand, isLocal: isLocal, inputCount: draft.inputs.count, outputCount: draft.outputs.count)
      else { continue }
      let fused = Draft(
        name: "\(draft.name), then tile \(full)", kernel: kernel,
        inputs: draft.inputs + builder.inputs.filter { !isLocal || $0 != result },
        outputs: (isLocal ? [] : draft.outputs) + builder.outputs + builder.sums, position: draft.position, effect: 0)
      return (index, fused)
    }
    return nil
  }

  /// Whether nothing outside of `group` reads the value `id`.
  private func isRead(_ id: Int, onlyBy group: TileGroup, _ groups: [TileGroup]) -> Bool {
    if wanted.contains(id) { return false }
    if groups.contains(where: { $0.position != group.position && $0.leaves.contains(id) }) { return false }
    return lowerings.allSatisfy { reader, lowering in
      if case .tile = lowering { return true }
      return !graph.nodes[reader].inputs.contains(id)
    }
  }

  /// Whether a value is in memory before the step at `position`.
  private func isThere(_ id: Int, before position: Int, _ drafts: [Draft]) -> Bool {
    let id = source(id).id
    if case .input? = lowerings[id] { return true }
    return drafts.contains { $0.outputs.contains(id) && $0.position < position }
  }

  private static func name(_ node: Node) -> String {
    "\((node.op as? any CustomStringConvertible)?.description ?? "\(node.op)") \(node.shape)"
  }

  /// An effect runs once its operands exist and its targets have no further readers.
  private func draft(of effect: PlacedEffect, number: Int, after drafts: [Draft]) -> Draft {
    let (read, written) = (Set(effect.operands.map { source($0).id }), Set(effect.targets.map { source($0).id }))
    let position =
      drafts.filter { step in
        step.outputs.contains { read.contains($0) || step.effect > 0 && written.contains(source($0).id) }
          || step.inputs.contains { written.contains(source($0).id) }
      }.map(\.position).max() ?? 0
    return Draft(
      name: effect.name, kernel: effect.kernel, inputs: effect.operands, outputs: effect.targets, position: position, effect: number
    )
  }

  /// The node whose memory `id` shows, and from which offset.
  private func source(_ id: Int) -> (id: Int, offset: Int) {
    guard case .alias(let offset)? = lowerings[id] else { return (id, 0) }
    let below = source(graph.nodes[id].inputs[0])
    return (below.id, below.offset + offset)
  }

  private func place(_ drafts: [Draft], outputs: [(String, Int)]) -> Plan {
    var (first, last): ([Int: Int], [Int: Int]) = ([:], [:])
    for (index, draft) in drafts.enumerated() {
      for id in draft.outputs where draft.effect == 0 { first[id] = index }
      for id in draft.inputs + draft.outputs { last[source(id).id] = index }
    }
    for (_, id) in outputs { last[source(id).id] = drafts.count }
    let values = first.keys.sorted()
    var requests = values.map { ArenaLayout.Request(count: graph.nodes[$0].shape.count, first: first[$0]!, last: last[$0]!) }
    requests += drafts.enumerated().map { ArenaLayout.Request(count: $1.kernel.sharedCount, first: $0, last: $0) }
    let layout = ArenaLayout(requests)
    let offsets = Dictionary(uniqueKeysWithValues: zip(values, layout.offsets))
    func place(_ id: Int) -> Plan.Place {
      let (id, offset) = source(id)
      if case .input(let name)? = lowerings[id] { return .input(name, offset) }
      guard let start = offsets[id] else { preconditionFailure("node \(id) (\(graph.nodes[id].op)) has no place") }
      return .arena(start + offset)
    }
    var inputs: [String: Shape] = [:]
    var random: [String: Random.Distribution] = [:]
    for (id, lowering) in lowerings {
      guard case .input(let name) = lowering else { continue }
      inputs[name] = graph.nodes[id].shape
      random[name] = (graph.nodes[id].op as? Random)?.distribution
    }
    return Plan(
      steps: drafts.enumerated().map { index, draft in
        Plan.Step(
          name: draft.name, kernel: draft.kernel, inputs: draft.inputs.map(place), outputs: draft.outputs.map(place),
          shared: layout.offsets[values.count + index],
          count: (draft.inputs + draft.outputs).reduce(0) { $0 + graph.nodes[$1].shape.count })
      },
      arenaCount: layout.count, scratchCount: drafts.map(\.kernel.scratchCount).max() ?? 0, inputs: inputs, random: random,
      outputs: Dictionary(uniqueKeysWithValues: outputs.map { ($0, (place($1), graph.nodes[$1].shape)) }))
  }
}
