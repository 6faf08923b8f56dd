import Basics

extension ConvolutionReference {
  /// The largest difference between a kernel's values and those of the definition, as a share of the largest value; infinite
  /// where a value is no number. The operands are random.
  ///
  /// - Parameter kernel: computes `slot` of `shape`.
  package static func difference(
    of kernel: Kernel, _ shape: ConvolutionShape, _ slot: ConvolutionSlot, lanes: Lanes
  ) -> Double {
    let (inputs, output) = operands(shape, slot)
    KernelBenchmark(kernel, inputs: inputs, outputs: [output], lanes: lanes).run()
    let values = inputs.map { $0.values.map(Double.init) }
    let expected = run(shape, slot, values[0], values[1])
    var (worst, largest) = (0.0, 0.0)
    for (value, wanted) in zip(output.values, expected) {
      guard value.isFinite else { return .infinity }
      worst = max(worst, abs(Double(value) - wanted))
      largest = max(largest, abs(wanted))
    }
    return worst / largest
  }

  /// Random operands of `slot`, and memory for its values.
  package static func operands(_ shape: ConvolutionShape, _ slot: ConvolutionSlot) -> (inputs: [FloatBuffer], output: FloatBuffer) {
    var stream = RandomStream(seed: 0, name: "convolution")
    var buffers = [shape.imageCount, shape.filterCount, shape.outputCount].map { FloatBuffer(count: $0) }
    for buffer in buffers { stream.fill(UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count)) }
    let output = buffers.remove(at: slot.rawValue)
    output.base.update(repeating: .nan, count: output.count)
    return (buffers, output)
  }
}
