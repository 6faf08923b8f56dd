import CKernels

/// A ``TileProgram`` in the memory layout of the C interpreter.
final class CompiledTileProgram: @unchecked Sendable {  // immutable once made
  let program: UnsafeMutablePointer<fk_tile_program>
  let partialCount: Int
  let sumOffsets: [Int]
  private let tables = Tables()

  init(_ source: TileProgram, length: Int, stride: Int) {
    precondition(source.registers <= 256, "a tile program of \(source.registers) registers")
    var first = 0
    let ranges = source.blocks.map { block in
      defer { first += block.instructions.count }
      return fk_tile_block(first: first, count: block.instructions.count, per_row: block.perRow)
    }
    var count = 0
    sumOffsets = source.sums.map { sum in
      defer { count += sum.keepsB ? source.space.b : 1 }
      return count
    }
    partialCount = count
    func views(_ views: [TileProgram.View]) -> [fk_tile_view] {
      views.map { fk_tile_view(stride_a: $0.strideA, stride_b: $0.strideB) }
    }
    program = tables.copy([
      fk_tile_program(
        instructions: tables.copy(source.blocks.flatMap(\.instructions).map(\.compiled)), blocks: tables.copy(ranges),
        inputs: tables.copy(views(source.inputs)), outputs: tables.copy(views(source.outputs)),
        sum_varies: tables.copy(source.sums.map(\.keepsB)), sum_offsets: tables.copy(sumOffsets), block_count: ranges.count,
        row_count: source.registers, rows: source.space.b, length: length, stride: stride, width: source.width)
    ])
  }
}
