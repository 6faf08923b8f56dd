import Kernels

/// Operands one after the other along an axis. Linear in all of them; each cotangent is its slice.
package struct Concatenate: Op {
  package let axis: Int
  package init(axis: Int) { self.axis = axis }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard let first = x.first, first.dims.indices.contains(axis),
      x.allSatisfy({ $0.rank == first.rank && $0.replacing(axis, with: 1) == first.replacing(axis, with: 1) })
    else { throw reject(x, "shapes differ beside axis \(axis)") }
    return first.replacing(axis, with: x.map { $0[axis] }.reduce(0, +))
  }

  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] {
    var (parts, start): ([Tensor?], Int) = ([], 0)
    for operand in x {
      let extent = operand.shape[axis]
      parts.append(try g.apply(Slice(axis: axis, range: start..<start + extent)))
      start += extent
    }
    return parts
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .kernel(.concatenate(blocks(x, y))) }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    var result = [Double](repeating: 0, count: y.count)
    for (operand, block) in zip(x, blocks(x.map(\.shape), y)) {
      for i in 0..<block.outer {
        for j in 0..<block.count { result[i * block.stride + block.offset + j] = operand.data[i * block.count + j] }
      }
    }
    return result
  }

  private func blocks(_ x: [Shape], _ y: Shape) -> [StridedCopy] {
    var start = 0
    return x.map { operand in
      defer { start += operand[axis] }
      return StridedCopy(whole: y, axis: axis, range: start..<start + operand[axis])
    }
  }
}
