/// The memory that one pass of a ``Kernel`` sees: its operands, its results and two kinds of scratch.
package struct KernelMemory {
  /// The operands, in the order of the kernel's documentation.
  package let inputs: UnsafePointer<UnsafeMutablePointer<Float>>
  /// The results: uninitialized, contiguous and row-major.
  package let outputs: UnsafePointer<UnsafeMutablePointer<Float>>
  /// Scratch of the whole step, ``Kernel/sharedCount`` floats: what one pass leaves for the next.
  package let shared: UnsafeMutablePointer<Float>
  /// Scratch of this lane alone, ``Kernel/scratchCount`` floats. Holds garbage when a unit begins.
  package let scratch: UnsafeMutablePointer<Float>

  package init(
    inputs: UnsafePointer<UnsafeMutablePointer<Float>>, outputs: UnsafePointer<UnsafeMutablePointer<Float>>,
    shared: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.shared = shared
    self.scratch = scratch
  }
}
