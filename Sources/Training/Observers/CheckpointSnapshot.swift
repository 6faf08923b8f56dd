import Kernels
import Models
import Runs

/// A checkpoint in memory of its own, so that the training continues while it is written.
///
/// Sendable although it has state: it is filled only while nothing reads it.
final class CheckpointSnapshot: @unchecked Sendable {
  private var memory = FloatBuffer(count: 0)
  private(set) var checkpoint = Checkpoint(iteration: 0, tensors: [], state: [:])

  /// Takes over `original`, whose tensors are 32-bit floats. The memory is kept from one time to the next.
  func fill(from original: Checkpoint) {
    let count = original.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    if memory.count != count { memory = FloatBuffer(count: count) }
    var offset = 0
    let tensors = original.tensors.map { tensor in
      let floats = tensor.shape.reduce(1, *)
      let place = UnsafeMutableRawBufferPointer(start: memory.base + offset, count: 4 * floats)
      tensor.withBytes { place.copyMemory(from: $0) }
      offset += floats
      return NamedTensor(tensor.name, tensor.type, shape: tensor.shape, memory: UnsafeRawBufferPointer(place))
    }
    checkpoint = Checkpoint(iteration: original.iteration, tensors: tensors, state: original.state)
  }
}

extension Checkpoint {
  /// Whether each of `variables` is a number everywhere. Slots need not be: one that has overflown stops its weight and spoils nothing
  /// else.
  func isFinite(_ variables: [Variable]) -> Bool {
    let names = Set(variables.filter { !$0.isSlot }.map(\.key))
    return tensors.allSatisfy { tensor in
      guard names.contains(tensor.name) else { return true }
      return tensor.withBytes { bytes in
        // The exponent is all ones in infinities and in what is no number.
        var worst: UInt32 = 0
        for bits in bytes.bindMemory(to: UInt32.self) { worst = max(worst, bits & 0x7f80_0000) }
        return worst != 0x7f80_0000
      }
    }
  }
}
