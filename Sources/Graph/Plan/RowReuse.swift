import CKernels
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

extension fk_tile_instruction {
  /// Which of `dst`, `a`, `b`, `c` are rows.
  private var rowFields: [WritableKeyPath<fk_tile_instruction, UInt8>] {
    switch fk_tile_op(UInt32(op)) {
    case FK_ADD_RR, FK_SUB_RR, FK_MUL_RR, FK_MULTIPLY_LEAKY, FK_MULTIPLY_SLOPE, FK_SCALE_ADD_RR, FK_ACCUMULATE_RR:
      [\.dst, \.a, \.b]
    case FK_MULTIPLY_ADD, FK_MULTIPLY_SUBTRACT: [\.dst, \.a, \.b, \.c]
    case FK_ADD_RS, FK_SUB_RS, FK_MUL_RS, FK_SCALE_R, FK_OFFSET_R, FK_SQRT_R, FK_RECIPROCAL_R, FK_SIGMOID_R, FK_TANH_R, FK_LEAKY_R,
      FK_SLOPE_R, FK_COPY_R, FK_SCALE_ADD_RS, FK_ACCUMULATE_R:
      [\.dst, \.a]
    case FK_SUB_SR: [\.dst, \.b]
    case FK_SPLAT_S, FK_ZERO_R, FK_UPSAMPLE_R, FK_LOAD_R, FK_BIND_R: [\.dst]
    case FK_POOL_R, FK_SUM_R: [\.a]
    case FK_SUM_RR: [\.a, \.b]
    default: []
    }
  }

  /// The rows that the instruction reads or writes.
  fileprivate var rows: [UInt8] { rowFields.map { self[keyPath: $0] } }

  fileprivate mutating func renameRows(_ name: (UInt8) -> UInt8) {
    for field in rowFields { self[keyPath: field] = name(self[keyPath: field]) }
  }
}
