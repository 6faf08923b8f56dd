import Basics
import Spec
import Training

extension SweepSource {
  /// Settings, or the first steps of their paths, that memory does not depend on.
  private static let irrelevant: Set<String> = ["seed", "name", "optimizer", "watch"]

  /// How many of `trials` fit into memory at a time, up to `workers`. Throws ``NotEnoughMemory`` where one of them does not alone.
  ///
  /// - Parameter threads: of each.
  package func fittingWorkers(
    _ workers: Int, _ trials: [Trial], threads: Int, from available: AvailableMemory = .now
  ) throws -> Int {
    let relevant = sweep.paths.indices.filter {
      !Self.irrelevant.contains(String(sweep.paths[$0].prefix { $0 != "." }))
    }
    var seen: Set<[String]> = []
    var (generous, precise) = (MemoryNeed(), MemoryNeed())
    let template = try template()
    for trial in trials where seen.insert(relevant.map { trial.values[$0] }).inserted {
      let memory = TrainingMemory(try template.spec(overrides(of: trial)), threads: threads)
      let what = "training trial \(trial.number)"
      if (try? (workers * memory.generousTraining).require(for: what, from: available)) != nil {
        generous = MemoryNeed.max(generous, memory.generousTraining)
        continue
      }
      let need = try memory.training()
      try need.require(for: what, from: available)
      precise = MemoryNeed.max(precise, need)
    }
    var fitting = workers
    while fitting > 1, (try? (fitting * precise).require(for: "", from: available)) == nil {
      fitting -= 1
    }
    return fitting
  }
}
