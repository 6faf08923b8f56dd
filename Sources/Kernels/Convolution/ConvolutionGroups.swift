extension ConvolutionAlgorithm {
  /// The kernel of all groups of `problem`.
  static func kernel(of problem: ConvolutionProblem) -> Kernel {
    let kernel = Self(problem: problem).kernel()
    guard problem.groups > 1 else { return kernel }
    let shape = problem.shape
    var counts = [shape.imageCount, shape.filterCount, shape.outputCount]
    let result = counts.remove(at: problem.slot.rawValue)
    return kernel.repeated(problem.groups, inputs: counts + (problem.accumulating ? [result] : []), output: result)
  }
}

extension Kernel {
  /// Passes share their units out to at most this many, so that small problems do not become as many units.
  private static let mostUnits = 4 * someUnits

  /// This kernel for `groups` problems one after the other in memory.
  ///
  /// - Parameters:
  ///   - inputs: floats of each operand of one problem, two or three.
  ///   - output: floats of its one result.
  fileprivate func repeated(_ groups: Int, inputs: [Int], output: Int) -> Kernel {
    precondition(inputs.count == 2 || inputs.count == 3, "\(inputs.count) operands")
    let distances = (inputs[0], inputs[1], inputs.count == 3 ? inputs[2] : 0), hasThird = inputs.count == 3
    let shared = (sharedCount + 15) / 16 * 16
    let repeated = passes.map { pass in
      let total = pass.units * groups, units = min(total, max(pass.units, Self.mostUnits))
      return Pass(units: units) { unit, memory in
        for index in part(unit, of: units, total) {
          let (group, own) = index.quotientAndRemainder(dividingBy: pass.units)
          let (first, second) = (memory.inputs[0] + group * distances.0, memory.inputs[1] + group * distances.1)
          // Pointers on the stack: a run of a plan allocates nothing.
          var (from, to) = (
            (first, second, hasThird ? memory.inputs[2] + group * distances.2 : first), memory.outputs[0] + group * output
          )
          withUnsafePointer(to: &from) { from in
            withUnsafePointer(to: &to) { to in
              let inputs = UnsafeRawPointer(from).assumingMemoryBound(to: UnsafeMutablePointer<Float>.self)
              pass.run(
                own, KernelMemory(inputs: inputs, outputs: to, shared: memory.shared + group * shared, scratch: memory.scratch))
            }
          }
        }
      }
    }
    return Kernel(
      family: family, passes: repeated, sharedCount: groups * shared, scratchCount: scratchCount, flops: Double(groups) * flops)
  }
}
