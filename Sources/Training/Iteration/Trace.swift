import Basics
import Graph
import Kernels
import Models
import Runs
import Spec

/// One recorded training iteration: everything that went into it and everything that came out, for any other framework to
/// replay.
package struct Trace {
  package let tensors: [NamedTensor]
  package let metadata: [String: String]

  /// Runs and records the iteration `moment` from `state`, which it changes. `fill` provides the real images.
  package init(
    _ spec: ExperimentSpec, at moment: Schedule.Moment, schedule: Schedule, from state: TrainingState, lanes: Lanes,
    fill: (UnsafeMutableBufferPointer<Float>, _ resolution: Int) -> Void
  ) throws(ShapeError) {
    let graph = TrainingGraph(spec, level: moment.phase.level, batch: moment.phase.batch, fading: moment.alpha < 1, tracing: true)
    // Which steps are due depends on the number of the iteration.
    state.iteration = moment.iteration - 1
    let iteration = try Iteration(graph, state, lanes: lanes)
    fill(UnsafeMutableBufferPointer(start: iteration.real.base, count: iteration.real.count), graph.resolution)
    var tensors = Self.variables("before", state)
    for update in NetworkRole.allCases.map({ graph.update(TrainingStep($0)) }) {
      for (slot, weight) in update.weights.flatMap({ weight in update.optimizer.slots.map { ($0, weight) } }) {
        let values = state.buffers[weight.beside(.slot(slot)).key]!.values
        tensors.append(NamedTensor("\(slot)/\(weight.key)", shape: weight.shape.dims, values))
      }
    }
    let settings = Iteration.Settings(
      alpha: moment.alpha, generatorRate: schedule.rate(spec.optimizer[.generator].rate, at: moment) * state.watch.rateFactor,
      discriminatorRate: schedule.rate(spec.optimizer[.discriminator].rate, at: moment) * state.watch.rateFactor)
    var (made, counts): ([String: NamedTensor], [TrainingStep: Int]) = ([:], [:])
    func more() { fill(UnsafeMutableBufferPointer(start: iteration.real.base, count: iteration.real.count), graph.resolution) }
    iteration.run(settings, more: more) { step, executor in
      counts[step, default: 0] += 1
      for input in iteration.inputs(of: step) {
        let name = Self.name(of: input.name, step, count: counts[step]!, spec.schedule.criticSteps)
        made["input/\(name)"] = NamedTensor("input/\(name)", shape: input.shape.dims, input.values)
      }
      for (name, output) in executor.plan.outputs {
        if let parameter = name.stripping("gradient.") {
          made["gradient/\(parameter)"] = NamedTensor(
            "gradient/\(parameter)", shape: output.shape.dims, Array(executor.output(name)))
        } else if let term = name.stripping("loss."),
          step == TrainingStep(.generator) ? term == "generator" : term != "discriminator"
        {
          made["loss/\(term)"] = NamedTensor("loss/\(term)", shape: [1], Array(executor.output(name)))
        }
      }
    }
    tensors += made.sorted { $0.key < $1.key }.map(\.value)
    tensors += Self.variables("after", state)
    self.tensors = tensors
    // Each layer's steps are counted by themselves; the newest layer's count is the one that still matters in Adam's correction.
    let step = graph.update(TrainingStep(.generator)).weights.compactMap { state.steps[$0.key] }.min() ?? 1
    metadata = [
      "resolution": "\(graph.resolution)", "alpha": "\(Float(moment.alpha))", "iteration": "\(moment.iteration)", "step": "\(step)",
    ]
  }

  /// The name of what the `count`-th step of its kind in an iteration was given: from the second on with that number.
  private static func name(of input: String, _ step: TrainingStep, count: Int, _ criticSteps: Int) -> String {
    let isOwn = step.network == .generator && input == "real" && criticSteps > 1
    if isOwn { return "generator.real" }
    guard count > 1 else { return input }
    return input.hasPrefix(step.name + ".random.") ? "\(input).step-\(count)" : "\(input).\(count)"
  }

  /// The weights and statistics of both networks.
  private static func variables(_ prefix: String, _ state: TrainingState) -> [NamedTensor] {
    state.variables.filter { [.weight, .statistic, .kept].contains($0.role) }.map {
      NamedTensor("\(prefix)/\($0.key)", shape: $0.shape.dims, state.buffers[$0.key]!.values)
    }
  }
}

extension String {
  /// What follows `prefix`, or nil if this does not begin with it.
  fileprivate func stripping(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
