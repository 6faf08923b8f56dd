import Kernels

/// Compiles a ``TileGroup`` into a ``TileProgram``.
///
/// Values that vary along P are rows, others scalars. A value's level counts the inner sums below it; level by level, a block
/// that runs once per tile computes what does not vary along B, then a block that runs per row computes the rest, adds to
/// the next level's sums and writes results. Rows needed at a later level are computed again or read back.
struct TileProgramBuilder {
  let graph: Graph
  let lowerings: [Int: Lowering]
  let group: TileGroup
  private let members: [Int]

  /// How many members read a value.
  var uses: [Int: Int] = [:]

  /// The operands to bind, in order, then the results.
  private(set) var inputs: [Int] = []
  private(set) var outputs: [Int] = []
  private(set) var sums: [Int] = []
  /// The inputs that are read at half the sides.
  private var isUpsampled: Set<Int> = []

  private var blocks: [TileProgram.Block] = []
  var rows = TileRegisters()
  private var scalars = TileRegisters()
  /// Rows that are memory of an operand or result, numbered from the top: nothing else may be computed into them.
  private var places = TileRegisters()
  /// Registers of values that do not vary along B: they live until the tile ends.
  var kept: [Int: TileRegister] = [:]
  /// Registers of the block under construction.
  var current: [Int: TileRegister] = [:]
  private var stored: Set<Int> = []

  init(_ graph: Graph, lowerings: [Int: Lowering], group: TileGroup) {
    self.graph = graph
    self.lowerings = lowerings
    self.group = group
    members = group.members.sorted()
    for id in group.members { for input in graph.nodes[id].inputs { uses[input, default: 0] += 1 } }
  }

  /// The program; its inputs are ``inputs``, its outputs ``outputs`` followed by ``sums``.
  mutating func build() -> TileProgram {
    let levels = levels()
    let closing = members.filter { isClosing($0) }
    outputs = members.filter { group.roots.contains($0) && !closing.contains($0) }
    sums = closing
    for level in 0...(levels.values.max() ?? 0) {
      once(level, levels)
      perRow(level, levels, closing)
    }
    precondition(rows.count + places.count <= 256, "a tile program of \(rows.count) + \(places.count) rows")
    let reuse = RowReuse(blocks.filter { !$0.instructions.isEmpty }, rows: 256 - places.count)
    return TileProgram(
      space: group.space.extents, blocks: reuse.blocks,
      inputs: inputs.map { view($0, isHalved: isUpsampled.contains($0)) },
      outputs: outputs.map { view($0, isHalved: isPool($0)) },
      sums: sums.map {
        let extent = group.space.extent(of: graph.nodes[$0].shape)
        return TileProgram.Sum(keepsA: extent.a, keepsB: extent.b)
      }, registers: reuse.rowCount, width: width)
  }

  // MARK: What a value is

  private func isTile(_ id: Int, _ op: TileOp) -> Bool {
    if case .tile(op)? = lowerings[id], group.members.contains(id) { true } else { false }
  }
  private func isPool(_ id: Int) -> Bool { isTile(id, .pool) }

  /// Pixels of a row if something pools or upsamples: the width of the larger image.
  private var width: Int {
    for id in members {
      if isPool(id) { return graph.nodes[graph.nodes[id].inputs[0]].shape[3] }
      if isTile(id, .upsample) { return graph.nodes[id].shape[3] }
    }
    return 0
  }

  /// Where a value lies; one of half the sides varies as the larger image does, a quarter as far apart.
  private func view(_ id: Int, isHalved: Bool) -> TileProgram.View {
    guard isHalved else { return group.space.view(of: graph.nodes[id].shape) }
    let view = group.space.view(of: group.space.full)
    return TileProgram.View(strideA: view.strideA / 4, strideB: view.strideB / 4)
  }

  /// Values read as they are.
  private var directLeaves: [Int] {
    Set(members.filter { !isTile($0, .upsample) }.flatMap { graph.nodes[$0].inputs }).subtracting(members).sorted()
  }

  private func extent(_ id: Int) -> TileSpace.Extent { group.space.extent(of: graph.nodes[id].shape) }
  func isRow(_ id: Int) -> Bool { extent(id).p }
  func isPerRow(_ id: Int) -> Bool { extent(id).b }

  private func sumKind(_ id: Int) -> TileSpace.SumKind? {
    guard case .tile(.sum)? = lowerings[id], group.members.contains(id) else { return nil }
    let operand = graph.nodes[graph.nodes[id].inputs[0]].shape
    return group.space.kind(of: TileSpace.Sum(operand: operand, result: graph.nodes[id].shape))
  }
  private func isClosing(_ id: Int) -> Bool { sumKind(id) == .closing }
  private func isInner(_ id: Int) -> Bool { sumKind(id) == .inner }

  private func levels() -> [Int: Int] {
    var levels: [Int: Int] = [:]
    for id in members {
      let below = graph.nodes[id].inputs.map { levels[$0] ?? 0 }.max() ?? 0
      levels[id] = isInner(id) ? below + 1 : below
    }
    return levels
  }

  // MARK: Blocks

  /// What does not vary along B: maps, and zeros for the sums that this level's rows add to.
  private mutating func once(_ level: Int, _ levels: [Int: Int]) {
    blocks.append(TileProgram.Block(perRow: false))
    if level == 0 { for id in directLeaves where !isPerRow(id) { _ = value(of: id) } }
    for id in members where levels[id] == level && !isPerRow(id) && !isInner(id) && !isClosing(id) && !isPool(id) {
      _ = value(of: id)
      if outputs.contains(id) { store(id) }
    }
    for id in members where isInner(id) && levels[id] == level && outputs.contains(id) { store(id) }
    for id in members where isInner(id) && levels[id] == level + 1 {
      let register = TileRegister.row(rows.take())
      precondition(isRow(id), "an inner sum of scalars")
      kept[id] = register
      emit(.zeroR, register)
    }
    for id in members where isClosing(id) && levels[id] == level {
      let operand = graph.nodes[id].inputs[0]
      if !isPerRow(operand) { addToSum(id) }
    }
  }

  private mutating func perRow(_ level: Int, _ levels: [Int: Int], _ closing: [Int]) {
    blocks.append(TileProgram.Block(perRow: true))
    let before = (rows, scalars, places)
    current = [:]
    for id in members {
      if isPool(id), levels[id] == level {
        emit(.poolR, number: outputs.firstIndex(of: id)!, row(of: graph.nodes[id].inputs[0]), nil)
      }
      if isPerRow(id), levels[id] == level, outputs.contains(id), !isInner(id), !isPool(id) { store(id) }
      if isInner(id), levels[id] == level + 1 {
        let (op, a, b) = summand(of: id, .accumulateR, .accumulateRR)
        emit(op, kept[id]!, a, b)
      }
      if closing.contains(id), levels[id] == level, isPerRow(graph.nodes[id].inputs[0]) { addToSum(id) }
    }
    current = [:]
    rows.release(to: before.0)
    scalars.release(to: before.1)
    places.release(to: before.2)
  }

  /// The register of a value, computed if need be.
  mutating func value(of id: Int) -> TileRegister {
    if let register = kept[id] ?? current[id] { return register }
    let register: TileRegister
    if !group.members.contains(id) {
      register = load(id)
    } else if stored.contains(id), isPerRow(id) {
      register = reload(id)
    } else {
      register = compute(id, into: nil)
    }
    if isPerRow(id) { current[id] = register } else { kept[id] = register }
    return register
  }

  private mutating func takePlace() -> TileRegister { .row(255 - places.take()) }

  private mutating func load(_ id: Int) -> TileRegister {
    let index = inputs.firstIndex(of: id) ?? inputs.count
    let isFirst = index == inputs.count
    if isFirst { inputs.append(id) }
    let register: TileRegister = isRow(id) ? takePlace() : .scalar(scalars.take())
    append(isRow(id) ? .loadR : .loadS, [register.number, UInt8(index), isFirst && isPerRow(id) ? 1 : 0], 0)
    return register
  }

  /// A row written at an earlier level, read back from its place.
  private mutating func reload(_ id: Int) -> TileRegister {
    let register = takePlace()
    emit(.bindR, register, outputs.firstIndex(of: id)!)
    return register
  }

  /// Writes a result: straight into its place if nothing has computed it yet.
  private mutating func store(_ id: Int) {
    let index = outputs.firstIndex(of: id)!
    let place = takePlace()
    emit(.bindR, place, index)
    if let register = kept[id] ?? current[id] {
      if case .row = register { emit(.copyR, place, register) } else { emit(.splatS, place, register) }
    } else {
      let register = compute(id, into: place)
      if isPerRow(id) { current[id] = register } else { kept[id] = register }
    }
    stored.insert(id)
  }

  private mutating func compute(_ id: Int, into place: TileRegister?) -> TileRegister {
    let node = graph.nodes[id]
    switch lowerings[id] {
    case .constant(let value):
      let scalar = TileRegister.scalar(scalars.take())
      emit(.setS, scalar, value: value)
      return splat(scalar, into: place)
    case .tile(.broadcast):
      let operand = value(of: node.inputs[0])
      guard let place else { return operand }
      if case .row = operand {
        emit(.copyR, place, operand)
        return place
      }
      return splat(operand, into: place)
    case .tile(.upsample):
      let operand = node.inputs[0]
      let index = inputs.firstIndex(of: operand) ?? inputs.count
      if index == inputs.count { inputs.append(operand) }
      isUpsampled.insert(operand)
      let result = place ?? .row(rows.take())
      emit(.upsampleR, result, index)
      return result
    case .tile(.map(let function)):
      if let fused = computeTwo(function, node.inputs, into: place) { return fused }
      let operands = node.inputs.map { value(of: $0) }
      let scalar = operands.allSatisfy { if case .scalar = $0 { true } else { false } }
      if scalar {
        let result = TileRegister.scalar(scalars.take())
        emit(function, result, operands)
        return splat(result, into: place)
      }
      let result = place ?? .row(rows.take())
      emit(function, result, operands)
      return result
    default: preconditionFailure("node \(id) (\(node.op)) is no part of a tile program")
    }
  }

  private mutating func splat(_ scalar: TileRegister, into place: TileRegister?) -> TileRegister {
    guard let place else { return scalar }
    emit(.splatS, place, scalar)
    return place
  }

  /// The value as a row, also when it is one number.
  private mutating func row(of id: Int) -> TileRegister {
    let register = value(of: id)
    guard !register.isRow else { return register }
    return splat(register, into: .row(rows.take()))
  }

  // MARK: Sums

  /// The instruction that adds a sum's operand; a product used nowhere else is added without being kept.
  private mutating func summand(of id: Int, _ single: TileInstruction.Operation, _ product: TileInstruction.Operation) -> (
    TileInstruction.Operation, TileRegister, TileRegister?
  ) {
    let operand = graph.nodes[id].inputs[0]
    if case .tile(.map(.multiply))? = lowerings[operand], group.members.contains(operand), current[operand] == nil,
      kept[operand] == nil, !stored.contains(operand)
    {
      let factors = graph.nodes[operand].inputs.map { value(of: $0) }
      if case .row = factors[0], case .row = factors[1] { return (product, factors[0], factors[1]) }
    }
    return (single, single == .accumulateR ? row(of: operand) : value(of: operand), nil)
  }

  private mutating func addToSum(_ id: Int) {
    let (op, a, b) = summand(of: id, .sumR, .sumRR)
    if case .scalar = a {
      emit(.sumS, number: sums.firstIndex(of: id)!, a, b)
    } else {
      emit(op, number: sums.firstIndex(of: id)!, a, b)
    }
  }

  // MARK: Instructions

  private mutating func emit(_ function: Map.Function, _ result: TileRegister, _ x: [TileRegister]) {
    let (op, value) = function.instruction(x.map { if case .row = $0 { true } else { false } })
    // Addition and multiplication have no form with the scalar first.
    let swapped = x.count == 2 && (op == .addRS || op == .multiplyRS) && { if case .scalar = x[0] { true } else { false } }()
    emit(op, result, swapped ? x[1] : x[0], x.count == 2 ? (swapped ? x[0] : x[1]) : nil, value: value)
  }

  private mutating func emit(
    _ op: TileInstruction.Operation, _ result: TileRegister, _ a: TileRegister? = nil, _ b: TileRegister? = nil, value: Double = 0
  ) {
    append(op, [result.number, a?.number ?? 0, b?.number ?? 0], value)
  }

  private mutating func emit(_ op: TileInstruction.Operation, _ result: TileRegister, _ operand: Int) {
    append(op, [result.number, UInt8(operand)], 0)
  }

  private mutating func emit(_ op: TileInstruction.Operation, number: Int, _ a: TileRegister, _ b: TileRegister?) {
    append(op, [UInt8(number), a.number, b?.number ?? 0], 0)
  }

  mutating func append(_ op: TileInstruction.Operation, _ registers: [UInt8], _ value: Double) {
    let r = registers + Array(repeating: 0, count: 4 - registers.count)
    blocks[blocks.count - 1].instructions.append(
      TileInstruction(op, dst: r[0], a: r[1], b: r[2], c: r[3], value: Float(value)))
  }
}
