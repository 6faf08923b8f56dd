import CKernels

/// 3x3 filters after an upsampling by two as sub-filters, 2x2 filters of the small image, [4][K][C][2][2]: one for each parity of the
/// output's row and column, which the code calls its phase.
struct PhaseFilters: Sendable {
  let problem: ConvolutionProblem

  /// The taps of each sub-filter among the 3x3 neighbors of a pixel of the small image.
  static let taps = (0..<4).map { phase in [0, 1, 3, 4].map { $0 + phase / 2 * 3 + phase % 2 } }

  /// Whether `shape` has them.
  static func exist(for shape: ConvolutionShape) -> Bool {
    shape.upsampling == 2 && shape.filterHeight == 3 && shape.filterWidth == 3 && shape.padding == 1
  }

  /// Sub-filters of one phase.
  var count: Int { problem.shape.outputs * problem.shape.inputs }
  private var units: Int { min(ceilDivide(count, 1024), 16) }

  /// The pass that leaves them at the start of shared memory.
  var folding: Kernel.Pass {
    Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, count)
      problem.functions.pointee.fold(memory.inputs[1], count, range.lowerBound, range.upperBound, memory.shared)
    }
  }

  /// The pass that turns their gradients, at `start` in shared memory, into the filter's.
  func unfolding(from start: Int) -> Kernel.Pass {
    Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, count), add = problem.accumulating ? memory.inputs[2] : nil
      problem.functions.pointee.unfold(memory.shared + start, count, range.lowerBound, range.upperBound, add, memory.outputs[0])
    }
  }
}
