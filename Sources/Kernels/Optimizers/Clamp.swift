extension Kernel {
  /// Numbers of one unit: the work of about 10 us.
  private static let clampUnit = 32_768

  /// Sets numbers of outputs of these counts that are beyond `bound`, up or down, to it.
  package static func clamp(_ bound: Float, counts: [Int]) -> Kernel {
    var units: [(tensor: Int, first: Int)] = []
    for (tensor, count) in counts.enumerated() {
      for first in stride(from: 0, to: count, by: clampUnit) { units.append((tensor, first)) }
    }
    return Kernel(
      family: "clamp",
      passes: [
        Pass(units: units.count) { [units] unit, memory in
          let (tensor, first) = units[unit]
          let values = memory.outputs[tensor] + first
          for index in 0..<min(clampUnit, counts[tensor] - first) {
            let value = values[index]
            values[index] = value > bound ? bound : value < -bound ? -bound : value
          }
        }
      ])
  }
}
