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
  ///
  /// The lower resolution's layers take part even when alpha is 1, as they do in networks that are not compiled.
  package init(
    _ spec: ExperimentSpec, at moment: Schedule.Moment, schedule: Schedule, from state: TrainingState, lanes: Lanes,
    fill: (UnsafeMutableBufferPointer<Float>, _ resolution: Int) -> Void
  ) throws(ShapeError) {
    let graph = TrainingGraph(spec, level: moment.phase.level, batch: moment.phase.batch, fading: true, tracing: true)
    let iteration = try Iteration(graph, state, lanes: lanes)
    fill(UnsafeMutableBufferPointer(start: iteration.real.base, count: iteration.real.count), graph.resolution)
    var tensors = Self.parameters("before", spec, state)
    for step in [graph.generatorStep, graph.discriminatorStep] {
      for (order, parameter) in step.parameters.flatMap({ [(1, $0), (2, $0)] }) {
        // There is no first moment where beta1 is 0.
        guard let values = state.buffers[AdamStep.moment(order, step.network, parameter)]?.values else { continue }
        tensors.append(NamedTensor("moment\(order)/\(step.network).\(parameter.name)", shape: parameter.shape.dims, values))
      }
    }
    let settings = Iteration.Settings(
      alpha: moment.alpha, generatorRate: schedule.rate(spec.optimizer.generator.rate, at: moment) * state.watch.rateFactor,
      discriminatorRate: schedule.rate(spec.optimizer.discriminator.rate, at: moment) * state.watch.rateFactor)
    iteration.run(settings) { network, executor in
      for (name, output) in executor.plan.outputs {
        if let parameter = name.stripping("gradient.") {
          tensors.append(NamedTensor("gradient/\(parameter)", shape: output.shape.dims, Array(executor.output(name))))
        } else if let term = name.stripping("loss."), network == .generator ? term == "generator" : term != "discriminator" {
          tensors.append(NamedTensor("loss/\(term)", shape: [1], Array(executor.output(name))))
        }
      }
    }
    tensors += Self.parameters("after", spec, state)
    tensors += iteration.inputs.map { NamedTensor("input/\($0.name)", shape: $0.shape.dims, $0.values) }
    self.tensors = tensors
    // Adam counts each layer's steps by itself; the newest layer's count is the one that still matters in the correction.
    let step = graph.generatorStep.parameters.compactMap { state.steps["\(Generator.network).\($0.name)"] }.min() ?? 1
    metadata = [
      "resolution": "\(graph.resolution)", "alpha": "\(Float(moment.alpha))", "iteration": "\(moment.iteration)", "step": "\(step)",
    ]
  }

  private static func parameters(_ prefix: String, _ spec: ExperimentSpec, _ state: TrainingState) -> [NamedTensor] {
    [
      (Generator.network, Generator(spec.generator).parameters),
      (Discriminator.network, Discriminator(spec.discriminator).parameters),
    ]
    .flatMap { network, parameters in
      parameters.map {
        NamedTensor("\(prefix)/\(network).\($0.name)", shape: $0.shape.dims, state.buffers["\(network).\($0.name)"]!.values)
      }
    }
  }
}

extension String {
  /// What follows `prefix`, or nil if this does not begin with it.
  fileprivate func stripping(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
