import CKernels

/// The constant settings of gradient descent for a set of weights.
package struct SGDSettings: Hashable, Sendable {
  package var momentum: Float
  package var isNesterov: Bool

  package init(momentum: Float, isNesterov: Bool) {
    self.momentum = momentum
    self.isNesterov = isNesterov
  }
}

extension Kernel {
  /// Weights of one unit: the work of about 10 us.
  private static let sgdUnit = 32_768

  /// Gradient descent, and the moving average of the weights if `averages`, for tensors of these counts in one pass over memory.
  ///
  /// Inputs: a gradient for each tensor, then the numbers of this step: `rate`, the average's `decay`. Outputs, changed in place: for
  /// each tensor its weights, its velocities if the momentum is not zero, its average if `averages`.
  package static func sgd(_ settings: SGDSettings, counts: [Int], averages: Bool) -> Kernel {
    var units: [(tensor: Int, first: Int)] = []
    for (tensor, count) in counts.enumerated() {
      for first in stride(from: 0, to: count, by: sgdUnit) { units.append((tensor, first)) }
    }
    let hasVelocity = settings.momentum != 0
    let perTensor = 1 + (hasVelocity ? 1 : 0) + (averages ? 1 : 0)
    return Kernel(
      family: "sgd",
      passes: [
        Pass(units: units.count) { [units] unit, memory in
          let (tensor, first) = units[unit]
          let numbers = memory.inputs[counts.count]
          let outputs = memory.outputs + tensor * perTensor
          fk_sgd(
            outputs[0] + first, hasVelocity ? outputs[1] + first : nil, averages ? outputs[perTensor - 1] + first : nil,
            memory.inputs[tensor] + first, min(sgdUnit, counts[tensor] - first),
            fk_sgd_settings(rate: numbers[0], momentum: settings.momentum, nesterov: settings.isNesterov ? 1 : 0, decay: numbers[1])
          )
        }
      ])
  }
}
