import Kernels

/// Two functions in one instruction: a row less to write and read.
extension TileProgramBuilder {
  /// The rows `function` and the one function below it computes at once, where there is an instruction for the two and
  /// nothing else needs the one below.
  mutating func computeTwo(_ function: Map.Function, _ x: [Int], into place: TileRegister?) -> TileRegister? {
    func below(_ id: Int) -> (function: Map.Function, operands: [Int])? {
      guard case .tile(.map(let function))? = lowerings[id], group.members.contains(id), !group.roots.contains(id), uses[id] == 1
      else {
        return nil
      }
      guard current[id] == nil, kept[id] == nil, isRow(id), isPerRow(id) else { return nil }
      return (function, graph.nodes[id].inputs)
    }
    switch function {
    case .add:
      for (inner, other) in [(x[0], x[1]), (x[1], x[0])] {
        guard let (function, operands) = below(inner) else { continue }
        if case .multiply = function {
          let rows = operands.map { value(of: $0) } + [value(of: other)]
          if rows.allSatisfy(\.isRow) { return emitTwo(.multiplyAdd, rows, 0, place) }
        } else if case .scale(let factor) = function {
          let (row, term) = (value(of: operands[0]), value(of: other))
          if row.isRow { return emitTwo(term.isRow ? .scaleAddRR : .scaleAddRS, [row, term], factor, place) }
        }
      }
    case .subtract:
      guard case (.multiply, let operands)? = below(x[1]) else { return nil }
      let rows = operands.map { value(of: $0) } + [value(of: x[0])]
      if rows.allSatisfy(\.isRow) { return emitTwo(.multiplySubtract, rows, 0, place) }
    case .multiply:
      for (inner, other) in [(x[1], x[0]), (x[0], x[1])] {
        guard case (.slope(let slope), let operands)? = below(inner) else { continue }
        let rows = [value(of: other), value(of: operands[0])]
        if rows.allSatisfy(\.isRow) { return emitTwo(.multiplySlope, rows, slope, place) }
      }
    case .leakyReLU(let slope):
      guard case (.multiply, let operands)? = below(x[0]) else { return nil }
      let rows = operands.map { value(of: $0) }
      if rows.allSatisfy(\.isRow) { return emitTwo(.multiplyLeaky, rows, slope, place) }
    default: break
    }
    return nil
  }

  private mutating func emitTwo(_ op: TileInstruction.Operation, _ x: [TileRegister], _ value: Double, _ place: TileRegister?)
    -> TileRegister
  {
    let result = place ?? .row(rows.take())
    append(op, [result.number] + x.map(\.number), value)
    return result
  }
}
