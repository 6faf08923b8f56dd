import Kernels

/// A compiled graph: steps in order, each with its kernel and the places of its operands and results.
///
///     let plan = try Plan(outputs: ["loss": loss, "slope": slope])
///     plan.inputs                     // ["x": 8x1x1x1], memory to provide
///     plan.steps.count                // far fewer than nodes: elementwise work is fused
package struct Plan: Sendable {
  /// Where a value lies.
  package enum Place: Hashable, Sendable {
    /// An offset in floats into the plan's arena.
    case arena(Int)
    /// An offset in floats into memory that the plan's user provides.
    case input(String, Int)
  }

  package struct Step: Sendable {
    package let name: String
    package let kernel: Kernel
    package let inputs: [Place]
    package let outputs: [Place]
    /// The offset of the kernel's shared scratch in the arena.
    package let shared: Int
    /// Floats of all operands and results.
    package let count: Int
  }

  package let steps: [Step]
  /// Floats of the arena.
  package let arenaCount: Int
  /// Floats of scratch for each lane.
  package let scratchCount: Int
  /// Shapes of the memory to provide.
  package let inputs: [String: Shape]
  /// Those of them that are random numbers.
  package let random: [String: Random.Distribution]
  /// Places and shapes of the results, which stay valid until the next run.
  package let outputs: [String: (place: Place, shape: Shape)]

  /// Multiply-adds counted as 2 that the graph's definition asks for.
  package var flops: Double { steps.reduce(0) { $0 + $1.kernel.flops } }
}
