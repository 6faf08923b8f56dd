/// The memory that one pass of a ``Kernel`` sees: its operands, its results and two kinds of scratch.
package struct KernelMemory {
  /// The operands, in the order of the kernel's documentation.
  package let inputs: UnsafePointer<UnsafeMutablePointer<Float>>
  /// The results: uninitialised, contiguous and row-major.
  package let outputs: UnsafePointer<UnsafeMutablePointer<Float>>
  /// Scratch of the whole step, ``Kernel/sharedCount`` floats: what one pass leaves for the next.
  package let shared: UnsafeMutablePointer<Float>
  /// Scratch of this lane alone, ``Kernel/scratchCount`` floats. Holds garbage when a unit begins.
  package let scratch: UnsafeMutablePointer<Float>

  package init(
    inputs: UnsafePointer<UnsafeMutablePointer<Float>>, outputs: UnsafePointer<UnsafeMutablePointer<Float>>,
    shared: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    (self.inputs, self.outputs, self.shared, self.scratch) = (inputs, outputs, shared, scratch)
  }
}

/// A compiled computation on flat memory: a few passes, each a number of independent units.
///
/// Units are fixed by the problem and never by the number of lanes, and what several units add up is combined in
/// unit order by a later pass; therefore the result is the same bits for any number of lanes.
package struct Kernel: Sendable {
  /// `units` pieces of work that may run in any order and at the same time. All end before the next pass begins.
  package struct Pass: Sendable {
    package let units: Int
    package let run: @Sendable (_ unit: Int, _ memory: KernelMemory) -> Void

    package init(units: Int, run: @escaping @Sendable (_ unit: Int, _ memory: KernelMemory) -> Void) {
      (self.units, self.run) = (units, run)
    }
  }

  /// The kernel family, as `fadein bench` lists it: `convolution.rows`, `elementwise`, `adam` ...
  package let family: String
  package let passes: [Pass]
  /// Floats of scratch shared by all passes and units.
  package let sharedCount: Int
  /// Floats of scratch for each lane.
  package let scratchCount: Int
  /// Multiply-adds counted as 2 that the mathematical definition asks for (0 where that is not the bottleneck).
  package let flops: Double

  package init(family: String, passes: [Pass], sharedCount: Int = 0, scratchCount: Int = 0, flops: Double = 0) {
    (self.family, self.passes, self.sharedCount, self.scratchCount, self.flops) = (family, passes, sharedCount, scratchCount, flops)
  }
}
