import CKernels

/// A ``TileProgram`` in the memory layout of the C interpreter.
final class CompiledTileProgram: @unchecked Sendable {  // immutable once made
  let program: UnsafeMutablePointer<fk_tile_program>
  let partialCount: Int
  let sumOffsets: [Int]
  private let instructions: UnsafeMutableBufferPointer<fk_tile_instruction>
  private let blocks: UnsafeMutableBufferPointer<fk_tile_block>
  private let inputs: UnsafeMutableBufferPointer<fk_tile_view>
  private let outputs: UnsafeMutableBufferPointer<fk_tile_view>
  private let varies: UnsafeMutableBufferPointer<UInt8>
  private let offsets: UnsafeMutableBufferPointer<Int32>

  init(_ source: TileProgram, length: Int, stride: Int) {
    precondition(source.registers <= 256, "a tile program of \(source.registers) registers")
    var first = 0
    let ranges = source.blocks.map { block in
      defer { first += block.instructions.count }
      return fk_tile_block(first: Int32(first), count: Int32(block.instructions.count), per_row: block.perRow ? 1 : 0)
    }
    instructions = Self.copy(source.blocks.flatMap(\.instructions))
    blocks = Self.copy(ranges)
    inputs = Self.copy(source.inputs.map { fk_tile_view(stride_a: $0.strideA, stride_b: $0.strideB) })
    outputs = Self.copy(source.outputs.map { fk_tile_view(stride_a: $0.strideA, stride_b: $0.strideB) })
    varies = Self.copy(source.sums.map { $0.keepsB ? 1 : 0 })
    var count = 0
    sumOffsets = source.sums.map { sum in
      defer { count += sum.keepsB ? source.space.b : 1 }
      return count
    }
    offsets = Self.copy(sumOffsets.map { Int32($0) })
    partialCount = count
    program = .allocate(capacity: 1)
    program.initialize(
      to: fk_tile_program(
        instructions: instructions.baseAddress!, blocks: blocks.baseAddress!, inputs: inputs.baseAddress!,
        outputs: outputs.baseAddress!, sum_varies: varies.baseAddress!, sum_offsets: offsets.baseAddress!,
        block_count: Int32(blocks.count), row_count: Int32(source.registers), sum_count: Int32(source.sums.count),
        partial_count: Int32(count), rows: source.space.b, length: length, stride: stride, width: source.width))
  }

  deinit {
    program.deallocate()
    instructions.deallocate()
    blocks.deallocate()
    inputs.deallocate()
    outputs.deallocate()
    varies.deallocate()
    offsets.deallocate()
  }

  private static func copy<T>(_ values: [T]) -> UnsafeMutableBufferPointer<T> {
    let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(1, values.count))
    _ = buffer.initialize(from: values)
    return buffer
  }
}
