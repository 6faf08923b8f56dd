import Kernels

/// Work that changes memory from outside the plan, in place: an optimizer's step.
package struct Effect {
  package let name: String
  /// What it reads, in the kernel's input order.
  package let operands: [Tensor]
  /// Inputs of the graph whose memory it changes, the kernel's outputs. It runs after every step that reads them.
  package let targets: [Tensor]
  package let kernel: Kernel

  package init(_ name: String, operands: [Tensor], targets: [Tensor], kernel: Kernel) {
    self.name = name
    self.operands = operands
    self.targets = targets
    self.kernel = kernel
  }
}
