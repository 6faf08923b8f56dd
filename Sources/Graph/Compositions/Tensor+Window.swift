extension Tensor {
  /// The part of an axis that begins at `start` and is `extent` long, with zeros where it lies outside of the tensor: element i is element
  /// `start + i`. A negative start pads.
  package func window(axis: Int, start: Int, extent: Int) throws(ShapeError) -> Tensor {
    let there = (max(start, 0)..<max(min(start + extent, shape[axis]), max(start, 0)))
    guard !there.isEmpty else { throw ShapeError(op: "window", inputs: [shape], reason: "nothing of axis \(axis) is inside") }
    let part = there.count == shape[axis] ? self : try apply(Slice(axis: axis, range: there))
    guard there.count < extent else { return part }
    return try part.apply(Embed(axis: axis, start: there.lowerBound - start, extent: extent))
  }
}
