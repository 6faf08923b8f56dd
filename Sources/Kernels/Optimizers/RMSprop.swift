import CKernels

/// The constant settings of RMSprop for a set of weights.
package struct RMSpropSettings: Hashable, Sendable {
  package var decay: Float
  package var epsilon: Float
  package var momentum: Float
  package var isCentered: Bool

  package init(decay: Float, epsilon: Float, momentum: Float, isCentered: Bool) {
    (self.decay, self.epsilon, self.momentum, self.isCentered) = (decay, epsilon, momentum, isCentered)
  }
}

extension Kernel {
  /// Weights of one unit: the work of about 10 us.
  private static let rmspropUnit = 16_384

  /// RMSprop, and the moving average of the weights if `averages`, for tensors of these counts in one pass over memory.
  ///
  /// Inputs: a gradient for each tensor, then the numbers of this step: `rate`, the average's `decay`. Outputs, changed in place: for
  /// each tensor its weights, its mean squares, its mean gradients if centered, its velocities if the momentum is not zero, its average if
  /// `averages`.
  package static func rmsprop(_ settings: RMSpropSettings, counts: [Int], averages: Bool) -> Kernel {
    var units: [(tensor: Int, first: Int)] = []
    for (tensor, count) in counts.enumerated() {
      for first in stride(from: 0, to: count, by: rmspropUnit) { units.append((tensor, first)) }
    }
    let hasVelocity = settings.momentum != 0
    let perTensor = 2 + (settings.isCentered ? 1 : 0) + (hasVelocity ? 1 : 0) + (averages ? 1 : 0)
    return Kernel(
      family: "rmsprop",
      passes: [
        Pass(units: units.count) { [units] unit, memory in
          let (tensor, first) = units[unit]
          let numbers = memory.inputs[counts.count]
          let outputs = memory.outputs + tensor * perTensor
          fk_rmsprop(
            outputs[0] + first, outputs[1] + first, settings.isCentered ? outputs[2] + first : nil,
            hasVelocity ? outputs[settings.isCentered ? 3 : 2] + first : nil, averages ? outputs[perTensor - 1] + first : nil,
            memory.inputs[tensor] + first, min(rmspropUnit, counts[tensor] - first),
            fk_rmsprop_settings(
              rate: numbers[0], keep: settings.decay, epsilon: settings.epsilon, momentum: settings.momentum, decay: numbers[1]))
        }
      ])
  }
}
