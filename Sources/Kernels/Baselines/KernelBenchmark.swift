import Basics
import Glibc

/// A kernel with operands and scratch of its own, ready to be timed.
package final class KernelBenchmark {
  /// The seconds of one run, measured several times.
  package struct Timing: Sendable {
    package let seconds: [Double]
    package var median: Double { seconds.sorted()[seconds.count / 2] }
    package var min: Double { seconds.min()! }
  }

  package let kernel: Kernel
  private let inputs: [FloatBuffer]
  private let outputs: [FloatBuffer]
  private let lanes: Lanes
  private let shared: FloatBuffer
  private let scratch: FloatBuffer
  private let scratchStride: Int

  /// A measurement repeats a short kernel until it takes this long, so that waking the lanes does not count.
  private static let shortestSeconds = 1e-3

  /// - Parameters:
  ///   - inputs: the kernel's operands, in its order.
  ///   - outputs: memory for its results.
  package init(_ kernel: Kernel, inputs: [FloatBuffer], outputs: [FloatBuffer], lanes: Lanes) {
    precondition(!outputs.isEmpty, "a kernel without results")
    self.kernel = kernel
    self.inputs = inputs
    self.outputs = outputs
    self.lanes = lanes
    shared = FloatBuffer(count: kernel.sharedCount)
    scratchStride = (kernel.scratchCount + 15) / 16 * 16 + 16
    scratch = FloatBuffer(count: scratchStride * lanes.count)
  }

  /// Runs the kernel `times` times.
  package func run(times: Int = 1) {
    let (from, to) = (inputs.map(\.base), outputs.map(\.base))
    from.withUnsafeBufferPointer { from in
      to.withUnsafeBufferPointer { to in
        lanes.run { lane in
          let memory = KernelMemory(
            inputs: from.baseAddress ?? to.baseAddress!, outputs: to.baseAddress!, shared: shared.base,
            scratch: scratch.base + lane.index * scratchStride)
          for _ in 0..<times {
            for pass in kernel.passes { lane.share(pass.units) { pass.run($0, memory) } }
          }
        }
      }
    }
  }

  /// Measures each of `benchmarks` `count` times, in turn: what slows the machine for a while slows them all.
  package static func time(_ benchmarks: [KernelBenchmark], count: Int) -> [Timing] {
    let times = benchmarks.map { benchmark in
      benchmark.run()  // touches the memory
      return max(1, Int(shortestSeconds / benchmark.seconds(times: 1)))
    }
    var seconds = benchmarks.map { _ in [Double]() }
    for _ in 0..<count {
      for (index, benchmark) in benchmarks.enumerated() {
        seconds[index].append(benchmark.seconds(times: times[index]) / Double(times[index]))
      }
    }
    return seconds.map { Timing(seconds: $0) }
  }

  private func seconds(times: Int) -> Double {
    max(1e-9, MonotonicClock.system.seconds { run(times: times) })
  }
}

extension KernelBenchmark {
  /// The C library's `memcpy`, shared by the lanes; reading and writing move `bytes` in all.
  package static func memcpy(bytes: Int, lanes: Lanes) -> KernelBenchmark {
    let (count, unit) = (max(1, bytes / 8), 16_384)
    let kernel = Kernel(family: "memcpy", units: ceilDivide(count, unit)) { index, memory in
      let first = index * unit
      _ = Glibc.memcpy(memory.outputs[0] + first, memory.inputs[0] + first, 4 * Swift.min(unit, count - first))
    }
    return KernelBenchmark(kernel, inputs: [FloatBuffer(count: count)], outputs: [FloatBuffer(count: count)], lanes: lanes)
  }
}
