import Kernels
import Spec

/// A way to update weights by their gradients.
package protocol Optimizer: Plugin, OptimizerDeclaration {
  /// What is kept for each weight, zero at first, in the order of the kernel's outputs.
  var slots: [String] { get }
  /// The same, in which what is kept of the past is taken to the power `share` in each step: for steps that are that share of an iteration.
  func corrected(by share: Double) -> any Optimizer
  /// This step's numbers for a weight that has the step `step`, counted from 1; always as many.
  func numbers(step: Int) -> [Float]
  /// One step for tensors of these counts, and their moving averages if `averages`.
  ///
  /// Inputs: a gradient for each tensor, then the numbers: the rate, the average's decay, and for each tensor ``numbers(step:)``.
  /// Outputs, changed in place: for each tensor its weights, its ``slots``, and its average if `averages`.
  func kernel(counts: [Int], averages: Bool) -> Kernel
}
