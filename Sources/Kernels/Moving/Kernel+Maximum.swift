import CKernels

extension Kernel {
  /// The largest numbers of a tensor of extents `from` over the axes whose extent in `to` is 1. What is not a number counts as minus
  /// infinity.
  package static func maximum(from: [Int], to: [Int]) -> Kernel {
    let count = to.reduce(1, *)
    // Axes that are neighbors and stay, or go, together.
    var segments: [(isReduced: Bool, extent: Int)] = []
    for (extent, wanted) in zip(from, to) where extent > 1 {
      let isReduced = wanted == 1
      if let last = segments.last, last.isReduced == isReduced {
        segments[segments.count - 1].extent *= extent
      } else {
        segments.append((isReduced, extent))
      }
    }
    guard segments.count(where: \.isReduced) <= 1 else { return scatteredMaximum(from: from, to: to) }
    let place = segments.firstIndex(where: \.isReduced)
    let reduced = place.map { segments[$0].extent } ?? 1
    let inner = place == segments.indices.last ? 1 : segments.last?.extent ?? 1
    let outer = count / inner
    let units = min(outer, 4 * someUnits, ceilDivide(from.reduce(1, *), 8192))
    return Kernel(family: "elementwise", units: units) { unit, memory in
      let range = part(unit, of: units, outer)
      fk_maximum(memory.inputs[0], memory.outputs[0], reduced, inner, range.lowerBound, range.upperBound)
    }
  }

  /// Any pattern of axes, one lane.
  private static func scatteredMaximum(from: [Int], to: [Int]) -> Kernel {
    let count = to.reduce(1, *)
    return Kernel(family: "elementwise", units: 1) { _, memory in
      let result = memory.outputs[0]
      result.update(repeating: -.infinity, count: count)
      walk(large: from, small: to) { large, small in
        let value = memory.inputs[0][large]
        if value > result[small] { result[small] = value }
      }
    }
  }
}
