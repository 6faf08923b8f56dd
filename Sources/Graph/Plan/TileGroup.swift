/// Tileable nodes that one pass over memory computes together.
struct TileGroup {
  /// The ids computed inside, in topological order.
  var members: Set<Int>
  /// Members whose values must be in memory afterward.
  var roots: Set<Int>
  /// Values read from memory.
  var leaves: Set<Int>
  var space: TileSpace
  /// When it runs: before every step of a higher position.
  let position: Int
}

/// Finds the groups: a tileable value is stored only where something needs it in memory, and recomputed from stored values
/// wherever else it is used, because recomputing an elementwise value costs less than storing it.
struct Fusion {
  /// More members than this would need too many registers.
  private static let memberLimit = 100

  private let graph: Graph
  private let lowerings: [Int: Lowering]
  private(set) var groups: [TileGroup] = []
  /// When each stored value is there.
  private var available: [Int: Int] = [:]

  /// - Parameters:
  ///   - lowerings: of all live nodes.
  ///   - demanded: ids that must be in memory for a reason outside of the graph.
  init(_ graph: Graph, lowerings: [Int: Lowering], demanded: Set<Int>) {
    self.graph = graph
    self.lowerings = lowerings
    for root in roots(demanded: demanded).sorted() { place(root, among: rootSet) }
  }

  private var rootSet: Set<Int> = []

  private func isTile(_ id: Int) -> Bool {
    if case .tile? = lowerings[id] { true } else { false }
  }
  private func isConstant(_ id: Int) -> Bool {
    if case .constant? = lowerings[id] { true } else { false }
  }
  private func isSum(_ id: Int) -> Bool { isTile(id, .sum) }
  private func isTile(_ id: Int, _ op: TileOp) -> Bool {
    if case .tile(op)? = lowerings[id] { true } else { false }
  }
  /// The node whose memory `id` shows.
  private func source(_ id: Int) -> Int {
    if case .alias? = lowerings[id] { source(graph.nodes[id].inputs[0]) } else { id }
  }

  /// Tileable values that must be stored: what kernels, aliases, upsampling and the outside read, and every sum and pool.
  private mutating func roots(demanded: Set<Int>) -> Set<Int> {
    var roots: Set<Int> = []
    func demand(_ id: Int) {
      let id = source(id)
      if isTile(id) || isConstant(id) { roots.insert(id) }
    }
    for id in demanded { demand(id) }
    for (id, lowering) in lowerings {
      switch lowering {
      case .kernel: for input in graph.nodes[id].inputs { demand(input) }
      case .alias: demand(id)
      case .tile(.sum), .tile(.pool): roots.insert(id)
      case .tile(.upsample): demand(graph.nodes[id].inputs[0])
      default: break
      }
    }
    // A root whose whole cone does not fit three axes starts from stored operands instead.
    var pending = roots.sorted()
    while let root = pending.popLast() {
      let cone = cone(of: root, stoppingAt: roots)
      guard space(of: cone.members) == nil || cone.members.count > Self.memberLimit else { continue }
      let cut = graph.nodes[root].inputs.filter { (isTile($0)) && !roots.contains($0) }
      precondition(!cut.isEmpty, "node \(root) (\(graph.nodes[root].op)) fits no tile program")
      roots.formUnion(cut)
      pending.append(contentsOf: cut + [root])
    }
    rootSet = roots
    return roots
  }

  private func cone(of root: Int, stoppingAt roots: Set<Int>) -> (members: Set<Int>, leaves: Set<Int>) {
    var (members, leaves): (Set<Int>, Set<Int>) = ([root], [])
    var pending = [root]
    while let id = pending.popLast() {
      for input in graph.nodes[id].inputs where !members.contains(input) {
        if (isTile(input) && !roots.contains(input)) || isConstant(input) {
          members.insert(input)
          pending.append(input)
        } else {
          leaves.insert(input)
        }
      }
    }
    return (members, leaves)
  }

  /// The space that holds all of these and what they read, or nil.
  private func space(of members: Set<Int>) -> TileSpace? {
    // What is upsampled, and the result of pooling, are of another size than the rest.
    var ids = members.filter { !isTile($0, .pool) }
    for id in members where !isTile(id, .upsample) { ids.formUnion(graph.nodes[id].inputs) }
    let shapes = ids.map { graph.nodes[$0].shape }
    let rank = shapes[0].rank
    guard shapes.allSatisfy({ $0.rank == rank }) else { return nil }
    let full = Shape((0..<rank).map { axis in shapes.map { $0[axis] }.max()! })
    guard shapes.allSatisfy({ full.covers($0) }) else { return nil }
    let sums = members.filter(isSum).map {
      TileSpace.Sum(operand: graph.nodes[graph.nodes[$0].inputs[0]].shape, result: graph.nodes[$0].shape)
    }
    return TileSpace.fitting(full, shapes: shapes, sums: sums)
  }

  private mutating func place(_ root: Int, among roots: Set<Int>) {
    let cone = cone(of: root, stoppingAt: roots)
    for index in groups.indices.reversed() {
      if let merged = merge(groups[index], root, cone.members, cone.leaves) {
        groups[index] = merged
        available[root] = merged.position
        return
      }
    }
    let space = space(of: cone.members)!
    groups.append(TileGroup(members: cone.members, roots: [root], leaves: cone.leaves, space: space, position: root))
    available[root] = root
  }

  /// `group` with one more root, if it shares memory with it, its operands exist at that point, and one space fits both.
  private func merge(_ group: TileGroup, _ root: Int, _ members: Set<Int>, _ leaves: Set<Int>) -> TileGroup? {
    let outer = leaves.subtracting(group.roots)
    guard outer.allSatisfy({ availability($0) < group.position }) else { return nil }
    guard !leaves.isDisjoint(with: group.leaves.union(group.roots)) || !members.isDisjoint(with: group.members) else { return nil }
    let (all, read) = (group.members.union(members), group.leaves.union(outer))
    guard all.count <= Self.memberLimit, let space = space(of: all) else { return nil }
    guard space.full == group.space.full, !usesUnfinished(all, in: space) else { return nil }
    guard group.roots.union([root]).allSatisfy({ isMadeOnce($0, in: space) }) else { return nil }
    return TileGroup(members: all, roots: group.roots.union([root]), leaves: read, space: space, position: group.position)
  }

  /// Whether a member reads what is only there when all tiles are done: a closing sum, or what another one pools.
  private func usesUnfinished(_ members: Set<Int>, in space: TileSpace) -> Bool {
    let closing = members.filter { id in
      if isTile(id, .pool) { return true }
      guard isSum(id) else { return false }
      let sum = TileSpace.Sum(operand: graph.nodes[graph.nodes[id].inputs[0]].shape, result: graph.nodes[id].shape)
      return space.kind(of: sum) == .closing
    }
    return members.contains { graph.nodes[$0].inputs.contains(where: closing.contains) }
  }

  /// Whether a root's numbers are each written, or what a closing sum adds up is each added, once: not if that is smaller than
  /// the space along A, or is a single number for all pixels.
  private func isMadeOnce(_ root: Int, in space: TileSpace) -> Bool {
    var shape = graph.nodes[root].shape
    if isTile(root, .pool) || (isSum(root) && !space.extent(of: shape).p) { shape = graph.nodes[graph.nodes[root].inputs[0]].shape }
    let (extent, extents) = (space.extent(of: shape), space.extents)
    return extent.p == (extents.p > 1) && extent.a == (extents.a > 1)
  }

  private func availability(_ id: Int) -> Int {
    let id = source(id)
    if let position = available[id] { return position }
    if case .input? = lowerings[id] { return -1 }
    return id
  }
}
