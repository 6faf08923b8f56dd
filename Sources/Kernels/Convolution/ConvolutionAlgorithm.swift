import CKernels

/// A way to compute some slots of some convolutions: a file of its own, and a line in ``ConvolutionAlgorithms/all``.
protocol ConvolutionAlgorithm: Sendable {
  /// What ``Kernel/family`` says.
  static var family: String { get }
  static var slots: [ConvolutionSlot] { get }
  /// When and why it is taken, as a sentence: a row of the table in docs/kernels.md.
  static var when: String { get }
  /// Whether it computes `problem`, whose slot is one of ``slots``, as well as whatever follows it in the list.
  static func fits(_ problem: ConvolutionProblem) -> Bool

  var problem: ConvolutionProblem { get }
  init(problem: ConvolutionProblem)
  /// The kernel of one group.
  func kernel() -> Kernel
}

extension ConvolutionAlgorithm {
  static var name: String { "\(Self.self)" }

  var shape: ConvolutionShape { problem.shape }
  var functions: UnsafePointer<fk_convolution_functions> { problem.functions }

  /// What is added to the result from `offset` on, if anything.
  func addend(_ memory: KernelMemory, at offset: Int = 0) -> UnsafePointer<Float>? {
    problem.accumulating ? UnsafePointer(memory.inputs[2]) + offset : nil
  }
}
