/// The extents of a tensor, outermost first: images are `[N, C, H, W]`, scalars `[1, 1, 1, 1]`.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let dims: [Int]

  package init(_ dims: [Int]) { self.dims = dims }
  package init(arrayLiteral dims: Int...) { self.dims = dims }

  package static let scalar: Shape = [1, 1, 1, 1]

  package var rank: Int { dims.count }
  package var count: Int { dims.reduce(1, *) }
  package subscript(axis: Int) -> Int { dims[axis] }
  package var description: String { dims.map(String.init).joined(separator: "x") }

  /// Whether `small` becomes this shape by repeating axes of extent 1.
  package func covers(_ small: Shape) -> Bool {
    rank == small.rank && zip(dims, small.dims).allSatisfy { $0 == $1 || $1 == 1 }
  }

  /// This shape with another extent along one axis.
  package func replacing(_ axis: Int, with extent: Int) -> Shape {
    var dims = dims
    dims[axis] = extent
    return Shape(dims)
  }

  /// The row-major index into this (smaller) shape of element `index` of `big`, which covers it.
  package func fold(_ index: Int, of big: Shape) -> Int {
    var (rest, offset, stride) = (index, 0, 1)
    for axis in dims.indices.reversed() {
      offset += (rest % big[axis] % dims[axis]) * stride
      rest /= big[axis]
      stride *= dims[axis]
    }
    return offset
  }
}

/// Operands that an op cannot combine. A programmer's error: specs are checked long before.
package struct ShapeError: Error, CustomStringConvertible {
  package let op: String
  package let inputs: [Shape]
  package let reason: String

  package init(op: String, inputs: [Shape], reason: String) { (self.op, self.inputs, self.reason) = (op, inputs, reason) }

  package var description: String { "\(op)(\(inputs.map(\.description).joined(separator: ", "))): \(reason)" }
}
