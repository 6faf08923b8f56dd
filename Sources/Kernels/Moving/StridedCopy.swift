/// `outer` blocks of `count` floats that lie `stride` apart in a larger tensor, the first at `offset`.
package struct StridedCopy: Hashable, Sendable {
  package let outer: Int
  package let stride: Int
  package let offset: Int
  package let count: Int

  package init(outer: Int, stride: Int, offset: Int, count: Int) {
    self.outer = outer
    self.stride = stride
    self.offset = offset
    self.count = count
  }
}

extension Kernel {
  /// Floats that a unit of a copy writes, about.
  private static let unitCount = 8192

  /// Which way a strided copy goes.
  package enum CopyDirection { case gather, embed }

  /// Copies blocks out of a larger tensor (`gather`), or into one whose rest is zero (`embed`).
  package static func copy(_ block: StridedCopy, _ direction: CopyDirection) -> Kernel {
    // Small blocks, as the rows of images are, go many to a unit.
    let written = block.outer * (direction == .gather ? block.count : block.stride)
    let units = max(1, min(block.outer, max(someUnits, written / unitCount)))
    return switch direction {
    case .gather:
      Kernel(family: "copy", units: units) { unit, memory in
        for i in part(unit, of: units, block.outer) {
          (memory.outputs[0] + i * block.count)
            .update(from: memory.inputs[0] + i * block.stride + block.offset, count: block.count)
        }
      }
    case .embed:
      Kernel(family: "copy", units: units) { unit, memory in
        for i in part(unit, of: units, block.outer) {
          let whole = memory.outputs[0] + i * block.stride
          whole.update(repeating: 0, count: block.stride)
          (whole + block.offset).update(from: memory.inputs[0] + i * block.count, count: block.count)
        }
      }
    }
  }

  /// Puts each operand at its place in the result; together they fill it.
  package static func concatenate(_ blocks: [StridedCopy]) -> Kernel {
    let outer = blocks[0].outer
    return Kernel(family: "copy", units: blocks.count * outer) { unit, memory in
      let (operand, i) = (unit / outer, unit % outer), block = blocks[operand]
      (memory.outputs[0] + i * block.stride + block.offset)
        .update(from: memory.inputs[operand] + i * block.count, count: block.count)
    }
  }
}
