import CKernels

/// Adam's constant settings for a set of weights.
package struct AdamSettings: Hashable, Sendable {
  package var beta1: Float
  package var beta2: Float
  package var epsilon: Float
  /// The share of the rate that weights shrink by before the step; 0 in Adam itself.
  package var weightDecay: Float

  package init(beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float = 0) {
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
  }

  /// Whether the first moment is the gradient itself and needs no memory.
  package var hasFirstMoment: Bool { beta1 != 0 }
}

extension Kernel {
  /// Weights of one unit: the work of about 10 us.
  private static let adamUnit = 16_384

  /// Adam, and the moving average of the weights if `averages`, for tensors of these counts in one pass over memory.
  ///
  /// Inputs: a gradient for each tensor, then the numbers of this step: `rate`, the average's `decay`, and for each tensor
  /// `1 - beta1^t` and `1 - beta2^t`. Outputs, changed in place: for each tensor its weights, its first moments if beta1 is not
  /// zero, its second moments, its average if `averages`.
  package static func adam(_ settings: AdamSettings, counts: [Int], averages: Bool) -> Kernel {
    var units: [(tensor: Int, first: Int)] = []
    for (tensor, count) in counts.enumerated() {
      for first in stride(from: 0, to: count, by: adamUnit) { units.append((tensor, first)) }
    }
    let perTensor = 2 + (settings.hasFirstMoment ? 1 : 0) + (averages ? 1 : 0)
    return Kernel(
      family: "adam",
      passes: [
        Pass(units: units.count) { [units] unit, memory in
          let (tensor, first) = units[unit]
          let numbers = memory.inputs[counts.count]
          var outputs = memory.outputs + tensor * perTensor
          func next() -> UnsafeMutablePointer<Float> {
            defer { outputs += 1 }
            return outputs[0] + first
          }
          let weights = next()
          let firstMoments = settings.hasFirstMoment ? next() : nil
          let secondMoments = next()
          let average = averages ? next() : nil
          fk_adam(
            weights, firstMoments, secondMoments, average, memory.inputs[tensor] + first, min(adamUnit, counts[tensor] - first),
            fk_adam_settings(
              rate: numbers[0], beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
              correction1: numbers[2 + 2 * tensor], correction2: numbers[3 + 2 * tensor], decay: numbers[1],
              kept: settings.weightDecay == 0 ? 1 : 1 - numbers[0] * settings.weightDecay))
        }
      ])
  }
}
