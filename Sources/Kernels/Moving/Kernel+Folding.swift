extension Kernel {
  /// Sums a tensor of extents `from` to extents `to`, which are the same or 1. Any pattern of axes, one lane: for the rare
  /// pattern that a tile program cannot express.
  package static func fold(from: [Int], to: [Int]) -> Kernel {
    let count = to.reduce(1, *)
    return Kernel(family: "elementwise", units: 1) { _, memory in
      memory.outputs[0].update(repeating: 0, count: count)
      walk(large: from, small: to) { memory.outputs[0][$1] += memory.inputs[0][$0] }
    }
  }

  /// Repeats a tensor of extents `from` to extents `to`: the transpose of ``fold(from:to:)``.
  package static func unfold(from: [Int], to: [Int]) -> Kernel {
    Kernel(family: "elementwise", units: 1) { _, memory in
      walk(large: to, small: from) { memory.outputs[0][$0] = memory.inputs[0][$1] }
    }
  }
}

/// Calls `body` with the row-major index of every element of `large` and that of the element of `small` it folds onto.
func walk(large: [Int], small: [Int], _ body: (_ large: Int, _ small: Int) -> Void) {
  var strides = [Int](repeating: 0, count: small.count)
  var stride = 1
  for axis in small.indices.reversed() {
    strides[axis] = small[axis] == 1 ? 0 : stride
    stride *= small[axis]
  }
  for index in 0..<large.reduce(1, *) {
    var (rest, offset) = (index, 0)
    for axis in large.indices.reversed() {
      offset += rest % large[axis] * strides[axis]
      rest /= large[axis]
    }
    body(index, offset)
  }
}
