import CKernels

/// A chain of elementwise work over a space `[A, B, P]`, done in one pass over memory.
///
/// Tiles are the B rows of up to ``length`` pixels of one a. Blocks of instructions run once for a tile or once for each of
/// its rows, on registers that stay in the first-level cache; sums over B stay inside the tile, and closing sums, which
/// run over P, leave one partial sum per unit that a second pass adds up in unit order.
package struct TileProgram: Sendable {
  /// Extents of the space.
  package struct Space: Hashable, Sendable {
    package let a: Int
    package let b: Int
    package let p: Int
    package init(a: Int, b: Int, p: Int) { (self.a, self.b, self.p) = (a, b, p) }
  }

  /// Strides in floats of an operand along A and B; along P it is contiguous, or a single number.
  package struct View: Sendable {
    package let strideA: Int
    package let strideB: Int
    package init(strideA: Int, strideB: Int) { (self.strideA, self.strideB) = (strideA, strideB) }
  }

  /// Instructions that run once for a tile, or once for each of its rows.
  package struct Block: Sendable {
    package var instructions: [TileInstruction] = []
    package let perRow: Bool
    package init(perRow: Bool) { self.perRow = perRow }
  }

  /// A closing sum over P, and over A or B unless kept.
  package struct Sum: Sendable {
    package let keepsA: Bool
    package let keepsB: Bool
    package init(keepsA: Bool, keepsB: Bool) { (self.keepsA, self.keepsB) = (keepsA, keepsB) }
  }

  package let space: Space
  package let blocks: [Block]
  /// Operands; the kernel's inputs in this order.
  package let inputs: [View]
  /// Results with one number per pixel; the kernel's first outputs.
  package let outputs: [View]
  /// Closing sums; the kernel's last outputs.
  package let sums: [Sum]
  /// Row registers; none may be numbered higher than 255.
  package let registers: Int
  /// Pixels of an image's row when the program pools or upsamples, else 0. P is then made of whole pairs of rows.
  package let width: Int

  package init(
    space: Space, blocks: [Block], inputs: [View], outputs: [View], sums: [Sum], registers: Int, width: Int = 0
  ) {
    self.space = space
    self.blocks = blocks
    self.inputs = inputs
    self.outputs = outputs
    self.sums = sums
    self.registers = registers
    self.width = width
  }

  /// Floats of one operand in a tile: 32 KiB, so that the few that a program reads twice stay in the second-level cache.
  private static let tileCount = 8192
  private static let manyRows = 512
  private static let leastLength = 64
  /// Numbers that one unit handles, at least: about 20 us, ten times the cost of a barrier.
  private static let unitCount = 32_768

  /// Units from which on they become larger instead of more.
  private static let mostUnits = 128

  /// Pixels of a tile, a multiple of 16 or of two rows.
  private var length: Int {
    let unit = width == 0 ? 16 : 2 * width
    // Of very many rows, each on a page of its own, at least a few lines of the cache are read at a time.
    let least = space.b >= Self.manyRows ? Self.leastLength : 1
    return max(unit, max(least, min(512, Self.tileCount / space.b)) / unit * unit)
  }

  /// The kernel that runs this program.
  package func kernel() -> Kernel {
    let tiles = (space.p + length - 1) / length
    let splits = max(1, min(tiles, space.b * space.p / Self.unitCount))
    let pixels = (tiles + splits - 1) / splits * length
    let extents = (0..<space.a * splits).map { unit in
      let first = min(space.p, unit % splits * pixels)
      return (image: unit / splits, pixels: first..<min(space.p, first + pixels))
    }
    let compiled = CompiledTileProgram(self, length: length, stride: stride)
    let body = body(compiled, extents)
    // Of very many small tiles, each unit does several.
    let units = min(extents.count, max(Self.mostUnits, space.a * space.b * space.p / Self.unitCount))
    var passes = [
      Kernel.Pass(units: units) { unit, memory in for extent in part(unit, of: units, extents.count) { body(extent, memory) } }
    ]
    if !sums.isEmpty { passes.append(combination(extents, compiled)) }
    return Kernel(
      family: "elementwise", passes: passes, sharedCount: extents.count * compiled.partialCount, scratchCount: scratchCount)
  }

  /// Floats from one row of scratch to the next. Rows a multiple of 4 KiB apart would share the sets of the first-level cache,
  /// and loads would wait for stores to other rows that look the same in their lowest 12 bits.
  private var stride: Int { (length + 15) / 16 * 16 + 80 }

  private var scratchCount: Int { max(16, registers * stride) }

  /// The kernel that does `first`, whose result is this program's operand `operand`, and follows each of its pieces with this
  /// program; nil if its pieces are not made of this program's pixels.
  ///
  /// Inputs and outputs are those of `first`, `inputCount` and `outputCount` in number, and then this program's. If the result `isLocal`,
  /// nothing else needs it: it never leaves the lane's scratch and is neither among the outputs nor among the inputs.
  package func kernel(
    following first: Kernel, as operand: Int, isLocal: Bool, inputCount: Int, outputCount: Int
  ) -> Kernel? {
    let unit = max(1, 2 * width)
    guard let pieces = first.pieces, let last = pieces.extents.last, last.image == space.a - 1, last.pixels.upperBound == space.p,
      pieces.extents.allSatisfy({ $0.pixels.lowerBound % unit == 0 && $0.pixels.upperBound % unit == 0 })
    else { return nil }
    if isLocal && pieces.local == nil { return nil }
    let local = isLocal ? pieces.local : nil
    let compiled = CompiledTileProgram(local.map { reading(operand, from: $0) } ?? self, length: length, stride: stride)
    let body = body(compiled, pieces.extents)
    let shared = first.sharedCount, scratch = ((local?.scratchCount ?? first.scratchCount) + 15) / 16 * 16
    let (inputTotal, outputStart) = (inputs.count, isLocal ? outputCount - 1 : outputCount)
    let own: @Sendable (KernelMemory, UnsafePointer<UnsafeMutablePointer<Float>>) -> KernelMemory = { memory, inputs in
      KernelMemory(
        inputs: inputs, outputs: memory.outputs + outputStart, shared: memory.shared + shared, scratch: memory.scratch + scratch)
    }
    var passes = Array(first.passes.dropLast())
    if let local {
      passes.append(
        pieces.pass(local.run) { piece, memory in
          withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>.self, capacity: inputTotal) { pointers in
            for i in 0..<inputTotal where i != operand { pointers[i] = memory.inputs[inputCount + (i < operand ? i : i - 1)] }
            pointers[operand] = memory.scratch + local.offset - pieces.extents[piece].pixels.lowerBound
            body(piece, own(memory, UnsafePointer(pointers.baseAddress!)))
          }
        })
    } else {
      passes.append(pieces.pass(pieces.run) { piece, memory in body(piece, own(memory, memory.inputs + inputCount)) })
    }
    if !sums.isEmpty {
      let combination = combination(pieces.extents, compiled)
      passes.append(Kernel.Pass(units: combination.units) { combination.run($0, own($1, $1.inputs)) })
    }
    return Kernel(
      family: "\(first.family) + elementwise", passes: passes,
      sharedCount: shared + pieces.extents.count * compiled.partialCount, scratchCount: scratch + scratchCount, flops: first.flops)
  }

  /// This program with the operand `index` in a lane's scratch.
  private func reading(_ index: Int, from local: Kernel.Pieces.Local) -> TileProgram {
    var inputs = inputs
    inputs[index] = View(strideA: 0, strideB: local.stride)
    return TileProgram(
      space: space, blocks: blocks, inputs: inputs, outputs: outputs, sums: sums, registers: registers, width: width)
  }

  /// Runs the program on one of `extents`, which leaves its partial sums in the shared scratch.
  private func body(
    _ compiled: CompiledTileProgram, _ extents: [(image: Int, pixels: Range<Int>)]
  ) -> @Sendable (_ unit: Int, _ memory: KernelMemory) -> Void {
    let run = fk_tile()
    let partials = compiled.partialCount
    return { unit, memory in
      let sums = memory.shared + unit * partials
      sums.update(repeating: 0, count: partials)
      let (image, pixels) = extents[unit]
      run(compiled.program, memory.inputs, memory.outputs, image, pixels.lowerBound, pixels.upperBound, memory.scratch, sums)
    }
  }

  /// Adds the partial sums of all extents in their order, a unit for each sum.
  private func combination(_ extents: [(image: Int, pixels: Range<Int>)], _ compiled: CompiledTileProgram) -> Kernel.Pass {
    let (space, sums, first) = (space, sums, outputs.count)
    return Kernel.Pass(units: sums.count) { unit, memory in
      let (sum, result) = (sums[unit], memory.outputs[first + unit])
      let rows = sum.keepsB ? space.b : 1
      result.update(repeating: 0, count: rows * (sum.keepsA ? space.a : 1))
      for part in extents.indices {
        let from = memory.shared + part * compiled.partialCount + compiled.sumOffsets[unit]
        let to = sum.keepsA ? result + extents[part].image * rows : result
        for b in 0..<rows { to[b] += from[b] }
      }
    }
  }
}
