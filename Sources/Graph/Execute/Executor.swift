import Basics
import Kernels

/// A plan with its memory, ready to run. Running allocates nothing.
///
///     let executor = Executor(plan, inputs: ["x": FloatBuffer([1, 2, 3, 4, 5, 6, 7, 8])], lanes: Lanes(count: 2))
///     executor.run()
///     executor.output("loss")[0]      // 25.5
package final class Executor {
  package let plan: Plan
  private let lanes: Lanes
  private let arena: FloatBuffer
  private let scratch: FloatBuffer
  private let scratchStride: Int
  private let inputs: [String: FloatBuffer]
  private let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  private let steps: [BoundStep]

  private struct BoundStep {
    let passes: [Kernel.Pass]
    let inputs: UnsafePointer<UnsafeMutablePointer<Float>>
    let outputs: UnsafePointer<UnsafeMutablePointer<Float>>
    let shared: UnsafeMutablePointer<Float>
  }

  /// - Parameters:
  ///   - inputs: memory for every input of the plan, of its shape's count; more are allowed.
  ///   - arena: memory to share with executors that never run at the same time, at least ``Plan/arenaCount`` floats.
  package init(_ plan: Plan, inputs: [String: FloatBuffer], lanes: Lanes, arena: FloatBuffer? = nil) {
    self.plan = plan
    self.lanes = lanes
    self.inputs = inputs
    let memory = arena ?? FloatBuffer(count: plan.arenaCount)
    precondition(memory.count >= plan.arenaCount, "an arena of \(memory.count) floats for \(plan.arenaCount)")
    self.arena = memory
    scratchStride = (plan.scratchCount + 15) / 16 * 16 + 16
    scratch = FloatBuffer(count: scratchStride * lanes.count)
    for (name, shape) in plan.inputs {
      precondition(inputs[name]?.count == shape.count, "input '\(name)' needs \(shape), got \(inputs[name]?.count as Any) floats")
    }
    func locate(_ place: Plan.Place) -> UnsafeMutablePointer<Float> {
      switch place {
      case .arena(let offset): memory.base + offset
      case .input(let name, let offset): inputs[name]!.base + offset
      }
    }
    let count = plan.steps.reduce(0) { $0 + $1.inputs.count + $1.outputs.count }
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<Float>>.allocate(capacity: max(1, count))
    var next = pointers
    steps = plan.steps.map { step in
      let (inputs, outputs) = (next, next + step.inputs.count)
      for place in step.inputs + step.outputs {
        next.initialize(to: locate(place))
        next += 1
      }
      return BoundStep(passes: step.kernel.passes, inputs: inputs, outputs: outputs, shared: memory.base + step.shared)
    }
    self.pointers = pointers
  }

  deinit { pointers.deallocate() }

  /// Runs every step once, on all lanes.
  package func run() { run(seconds: nil) }

  /// Runs every step once and adds each step's time to `seconds`.
  package func run(timing seconds: inout [Double]) {
    precondition(seconds.count == steps.count, "\(seconds.count) times for \(steps.count) steps")
    seconds.withUnsafeMutableBufferPointer { run(seconds: $0) }
  }

  private func run(seconds: UnsafeMutableBufferPointer<Double>?) {
    lanes.run { lane in
      let scratch = scratch.base + lane.index * scratchStride
      var start = seconds == nil ? 0 : MonotonicClock.system.seconds
      for (index, step) in steps.enumerated() {
        let memory = KernelMemory(inputs: step.inputs, outputs: step.outputs, shared: step.shared, scratch: scratch)
        for pass in step.passes { lane.share(pass.units) { pass.run($0, memory) } }
        if let seconds, lane.index == 0 {
          let now = MonotonicClock.system.seconds
          seconds[index] += now - start
          start = now
        }
      }
    }
  }

  /// The result `name` of the last run.
  package func output(_ name: String) -> UnsafeBufferPointer<Float> {
    guard let output = plan.outputs[name] else { preconditionFailure("the plan has no output '\(name)'") }
    let base =
      switch output.place {
      case .arena(let offset): arena.base + offset
      case .input(let input, let offset): inputs[input]!.base + offset
      }
    return UnsafeBufferPointer(start: base, count: output.shape.count)
  }
}
