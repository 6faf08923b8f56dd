import CKernels

extension Kernel {
  /// Floats that an item of work moves, about.
  private static let itemCount = 4096

  /// Permutes the axes of a tensor of extents `from`: axis i of the result is axis `axes[i]` of the operand.
  ///
  /// Where the innermost axis stays, it copies what is contiguous; otherwise it transposes matrices of the operand's and the result's
  /// innermost axes.
  package static func permute(from: [Int], axes: [Int]) -> Kernel {
    precondition(axes.sorted() == Array(from.indices), "\(axes) is no permutation of \(from.count) axes")
    if let blocks = PermutedBlocks(from: from, axes: axes) {
      let units = max(1, min(blocks.count, 4 * someUnits, ceilDivide(blocks.count * blocks.size, 2 * itemCount)))
      return Kernel(family: "copy", units: units) { unit, memory in
        blocks.run(part(unit, of: units, blocks.count), from: memory.inputs[0], to: memory.outputs[0])
      }
    }
    let plan = Permutation(from: from, axes: axes, itemCount: itemCount)
    let units = units(of: plan)
    return Kernel(family: "copy", units: units) { unit, memory in
      plan.run(part(unit, of: units, plan.items), from: memory.inputs[0], to: memory.outputs[0])
    }
  }

  /// The pass that leaves the first operand, a matrix of `rows` x `columns`, transposed at the start of shared memory.
  static func transposition(rows: Int, columns: Int) -> Pass {
    let plan = Permutation(from: [rows, columns], axes: [1, 0], itemCount: itemCount)
    let units = units(of: plan)
    return Pass(units: units) { unit, memory in
      plan.run(part(unit, of: units, plan.items), from: memory.inputs[0], to: memory.shared)
    }
  }

  private static func units(of plan: Permutation) -> Int {
    max(1, min(plan.items, 4 * someUnits, ceilDivide(plan.count, 2 * itemCount)))
  }
}

/// The axes of a permutation without those of extent 1, neighbors that stay together as one.
private struct PermutedAxes {
  /// Of the result, outermost first.
  var axes: [(extent: Int, from: Int, to: Int)] = []

  init(from: [Int], axes order: [Int]) {
    var strides = [Int](repeating: 1, count: from.count), stride = 1
    for axis in from.indices.reversed() {
      strides[axis] = stride
      stride *= from[axis]
    }
    for axis in order where from[axis] != 1 {
      if let last = axes.last, last.from == strides[axis] * from[axis] {
        axes[axes.count - 1] = (last.extent * from[axis], strides[axis], 0)
      } else {
        axes.append((from[axis], strides[axis], 0))
      }
    }
    stride = 1
    for index in axes.indices.reversed() {
      axes[index].to = stride
      stride *= axes[index].extent
    }
  }

  /// As C reads it, with items of about `itemCount` floats.
  func compiled(itemCount: Int) -> fk_permutation {
    var result = fk_permutation()
    (result.rows, result.columns, result.from_row, result.to_row) = (1, 1, 1, 1)
    var outer = axes
    if let last = outer.popLast() {
      (result.rows, result.from_row) = (last.extent, last.from)
      if last.from != 1, let inner = outer.firstIndex(where: { $0.from == 1 }) {
        let axis = outer.remove(at: inner)
        (result.columns, result.to_row) = (axis.extent, axis.to)
      }
    }
    // Whole vectors.
    result.block = min(max(result.rows, 1), max(16, itemCount / max(result.columns, 1) / 16 * 16))
    result.axes = outer.count
    withUnsafeMutablePointer(to: &result) { result in
      for (index, axis) in outer.enumerated() {
        withUnsafeMutableBytes(of: &result.pointee.extents) { $0.bindMemory(to: Int.self)[index] = axis.extent }
        withUnsafeMutableBytes(of: &result.pointee.from_strides) { $0.bindMemory(to: Int.self)[index] = axis.from }
        withUnsafeMutableBytes(of: &result.pointee.to_strides) { $0.bindMemory(to: Int.self)[index] = axis.to }
      }
    }
    return result
  }
}

/// A permutation where C reads it.
private final class Permutation: @unchecked Sendable {  // immutable once made
  private let table: UnsafeMutablePointer<fk_permutation>
  /// Floats that it moves.
  let count: Int
  /// Blocks of rows, of all matrices.
  let items: Int
  private let tables = Tables()

  init(from: [Int], axes: [Int], itemCount: Int) {
    let merged = PermutedAxes(from: from, axes: axes)
    precondition(merged.axes.count <= FK_PERMUTE_AXES, "\(axes) moves \(merged.axes.count) axes")
    let permutation = merged.compiled(itemCount: itemCount)
    count = from.reduce(1, *)
    table = tables.copy([permutation])
    let matrices = withUnsafeBytes(of: permutation.extents) { $0.bindMemory(to: Int.self).prefix(permutation.axes).reduce(1, *) }
    items = matrices * ceilDivide(permutation.rows, permutation.block)
  }

  func run(_ items: Range<Int>, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>) {
    fk_permute(table, from, to, items.lowerBound, items.upperBound)
  }
}

/// A permutation that moves numbers inside of small blocks alone, as that of a filter's taps does.
private final class PermutedBlocks: @unchecked Sendable {  // immutable once made
  /// Numbers of a block.
  let size: Int
  let count: Int
  /// Where each number of a block is from.
  private let index: [Int32]

  private static let largest = 64

  /// Nil where blocks would be large, or of one number.
  init?(from: [Int], axes: [Int]) {
    let outer = axes.indices.prefix { axes[$0] == $0 }.count
    let extents = axes[outer...].map { from[$0] }
    size = extents.reduce(1, *)
    guard size > 1, size <= Self.largest else { return nil }
    count = from[..<outer].reduce(1, *)
    var strides = [Int](repeating: 1, count: from.count)
    for axis in from.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * from[axis + 1] }
    index = (0..<size).map { place in
      var (rest, offset) = (place, 0)
      for (axis, extent) in zip(axes[outer...], extents).reversed() {
        offset += rest % extent * strides[axis]
        rest /= extent
      }
      return Int32(offset)
    }
  }

  func run(_ blocks: Range<Int>, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>) {
    fk_permute_blocks(index, size, from, to, blocks.lowerBound, blocks.upperBound)
  }
}
