import Basics

@testable import Kernels

extension Kernel {
  /// Runs all passes on these operands and results.
  func run(inputs: [FloatBuffer], outputs: [FloatBuffer], lanes count: Int = 2) {
    let (shared, scratch) = (FloatBuffer(count: sharedCount), (0..<count).map { _ in FloatBuffer(count: scratchCount) })
    var (from, to) = (inputs.map(\.base), outputs.map(\.base))
    from.withUnsafeMutableBufferPointer { from in
      to.withUnsafeMutableBufferPointer { to in
        let (from, to) = (from.baseAddress ?? to.baseAddress!, to.baseAddress!)
        Lanes(count: count).run { lane in
          let memory = KernelMemory(inputs: from, outputs: to, shared: shared.base, scratch: scratch[lane.index].base)
          for pass in passes { lane.share(pass.units) { pass.run($0, memory) } }
        }
      }
    }
  }
}

/// Seeded numbers in [-1, 1).
func randomFloats(_ count: Int, seed: UInt64) -> [Float] {
  var stream = RandomStream(seed: seed, name: "kernel test")
  return (0..<count).map { _ in Float(stream.uniform(in: -1...1)) }
}

/// A buffer of numbers that no kernel may leave behind.
func unwritten(_ count: Int) -> FloatBuffer { FloatBuffer([Float](repeating: .nan, count: count)) }
