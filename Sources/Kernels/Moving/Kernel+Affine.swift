import CKernels

extension Kernel {
  /// Samples each of `count` images, of `channels` planes of `height` x `width`, at its own affine coordinates: the second operand has six
  /// numbers for each. With `transposed` it is the transpose of that.
  package static func affine(
    count: Int, channels: Int, height: Int, width: Int, mirrors: Bool, transposed: Bool
  ) -> Kernel {
    Kernel(family: "affine", units: count) { image, memory in
      let start = image * channels * height * width
      fk_affine(
        memory.inputs[0] + start, memory.outputs[0] + start, memory.inputs[1] + 6 * image, channels, height, width,
        mirrors ? 1 : 0, transposed ? 1 : 0)
    }
  }
}
