/// The convolution by its definition, in Double: what the kernels are checked against.
package enum ConvolutionReference {
  /// Returns the slot's values from the other two operands, in the order image, filter, output; all row-major, group by group.
  package static func run(_ shape: ConvolutionShape, _ slot: ConvolutionSlot, _ first: [Double], _ second: [Double]) -> [Double] {
    guard shape.groups == 1 else {
      let (groups, one) = (shape.groups, shape.oneGroup)
      return (0..<groups).flatMap { group in
        run(one, slot, Array(first[part(group, of: groups, first.count)]), Array(second[part(group, of: groups, second.count)]))
      }
    }
    let counts = [shape.imageCount, shape.filterCount, shape.outputCount]
    var rest = counts
    let resultCount = rest.remove(at: slot.rawValue)
    precondition(first.count == rest[0] && second.count == rest[1], "operands of \(first.count) and \(second.count), not \(rest)")
    var result = [Double](repeating: 0, count: resultCount)
    let rows = ConvolutionTaps.Axis(shape, along: \.height), columns = ConvolutionTaps.Axis(shape, along: \.width)
    let (height, width) = (shape.outputHeight, shape.outputWidth)
    let rowOf = (0..<rows.padded).map { rows.source($0) ?? -1 }, columnOf = (0..<columns.padded).map { columns.source($0) ?? -1 }
    result.withUnsafeMutableBufferPointer { to in
      first.withUnsafeBufferPointer { a in
        second.withUnsafeBufferPointer { b in
          for n in 0..<shape.batch {
            for k in 0..<shape.outputs {
              for c in 0..<shape.inputs {
                for r in 0..<shape.filterHeight {
                  for s in 0..<shape.filterWidth {
                    let f = ((k * shape.inputs + c) * shape.filterHeight + r) * shape.filterWidth + s
                    for p in 0..<height where rowOf[p + r] >= 0 {
                      let image = ((n * shape.inputs + c) * shape.height + rowOf[p + r]) * shape.width
                      let output = ((n * shape.outputs + k) * height + p) * width
                      var q = 0
                      while q < width {
                        let column = columnOf[q + s]
                        if column >= 0 {
                          switch slot {
                          case .image: to[image + column] += a[f] * b[output + q]
                          case .filter: to[f] += a[image + column] * b[output + q]
                          case .output: to[output + q] += a[image + column] * b[f]
                          }
                        }
                        q += 1
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}
