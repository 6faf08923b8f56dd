import Kernels

/// Gives rows of scratch that are never needed at the same time one place, so that a tile's working set stays in the
/// first-level cache.
struct RowReuse {
  /// The blocks with their rows renumbered.
  private(set) var blocks: [TileProgram.Block]
  /// Rows of scratch in all.
  private(set) var rowCount = 0

  /// - Parameter rows: how many rows `blocks` number; higher numbers are places in memory and stay.
  init(_ blocks: [TileProgram.Block], rows: Int) {
    self.blocks = blocks
    var users: [UInt8: Set<Int>] = [:]
    for (index, block) in blocks.enumerated() {
      for instruction in block.instructions {
        for row in instruction.rows where row < rows { users[row, default: []].insert(index) }
      }
    }
    // Rows that pass from one block to another keep a place of their own.
    var lasting: [UInt8: UInt8] = [:]
    for row in users.keys.sorted() where users[row]!.count > 1 { lasting[row] = UInt8(lasting.count) }
    rowCount = lasting.count
    for index in blocks.indices { renumber(index, rows: rows, lasting: lasting) }
  }

  private mutating func renumber(_ index: Int, rows: Int, lasting: [UInt8: UInt8]) {
    var lastUse: [UInt8: Int] = [:]
    for (i, instruction) in blocks[index].instructions.enumerated() { for row in instruction.rows { lastUse[row] = i } }
    var names = lasting
    var free: [UInt8] = []
    var next = UInt8(lasting.count)
    for i in blocks[index].instructions.indices {
      let old = blocks[index].instructions[i].rows.filter { $0 < rows }
      for row in old where names[row] == nil {
        if free.isEmpty {
          free.append(next)
          next += 1
        }
        names[row] = free.removeLast()
      }
      blocks[index].instructions[i].renameRows { $0 < rows ? names[$0]! : $0 }
      for row in Set(old) where lasting[row] == nil && lastUse[row] == i { free.append(names[row]!) }
    }
    rowCount = max(rowCount, Int(next))
  }
}

extension TileInstruction {
  /// Which of `dst`, `a`, `b`, `c` are rows.
  private var rowFields: [WritableKeyPath<TileInstruction, UInt8>] {
    switch operation {
    case .addRR, .subtractRR, .multiplyRR, .multiplyLeaky, .multiplySlope, .scaleAddRR, .accumulateRR:
      [\.dst, \.a, \.b]
    case .multiplyAdd, .multiplySubtract: [\.dst, \.a, \.b, \.c]
    case .addRS, .subtractRS, .multiplyRS, .scaleR, .offsetR, .squareRootR, .reciprocalR, .sigmoidR, .tanhR, .leakyR,
      .slopeR, .exponentialR, .logarithmR, .softplusR, .copyR, .scaleAddRS, .accumulateR:
      [\.dst, \.a]
    case .subtractSR: [\.dst, \.b]
    case .splatS, .zeroR, .upsampleR, .loadR, .bindR: [\.dst]
    case .poolR, .sumR: [\.a]
    case .sumRR: [\.a, \.b]
    default: []
    }
  }

  /// The rows that the instruction reads or writes.
  fileprivate var rows: [UInt8] { rowFields.map { self[keyPath: $0] } }

  fileprivate mutating func renameRows(_ name: (UInt8) -> UInt8) {
    for field in rowFields { self[keyPath: field] = name(self[keyPath: field]) }
  }
}
