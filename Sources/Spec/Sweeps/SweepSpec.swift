/// Many runs of one experiment: what a sweep file says.
///
///     let sweep = try SweepSpec.read(path: "experiments/penalty.sweep.yaml", .fadein)
///     sweep.paths                     // ["loss.discriminator.gradient_penalty.weight"]
///     sweep.search.key                // "grid", since the file names none
///     sweep.repeats                   // 2
package struct SweepSpec: Equatable, Sendable {
  package var name: String
  /// The experiment's file as it is written, relative to the sweep file.
  package var experiment: String
  /// Where that is.
  package var experimentPath = ""
  /// Changes to the experiment that all trials share.
  package var overrides: [String] = []
  /// What the trials differ in, in the order of the file. Of an ablation it is ``changePath`` alone.
  package var parameters: [ParameterSpec]
  /// Changes to the experiment, each tried alone; empty in other sweeps.
  package var ablate: [AblationSpec] = []
  /// Whether all of them are tried at once, too.
  package var together = false
  package var search: Choice
  /// Runs of each set of values, each with a seed of its own.
  package var repeats = 1
  package var objective: ObjectiveSpec?
  package var stopping: Choice?
  /// Processes at a time.
  package var workers = 1
  /// Whether what trials have in common is trained once.
  package var sharesPrefixes = true
  package var slurm = SlurmSpec()

  /// The most runs that a sweep may have.
  package static let mostTrials = 10_000

  /// Every path that the trials may set, in the order of the file.
  package var paths: [String] { parameters.flatMap(\.paths) }

  /// What stands for a path where trials differ in named changes.
  package static let changePath = "change"
  /// The names of no change and of all.
  package static let (baseline, all) = ("baseline", "all")

  /// What overrides say where each of ``paths`` has one of `values`.
  package func overrides(_ values: [String]) -> [String] {
    guard !ablate.isEmpty else { return zip(paths, values).map { "\($0)=\($1)" } }
    return values.flatMap { name -> [String] in
      if name == Self.all && together { return ablate.flatMap(\.changes) }
      return ablate.first { $0.name == name }?.changes ?? []
    }
  }

  /// The paths of all settings that trials change.
  package var changedPaths: [String] {
    guard !ablate.isEmpty else { return paths }
    return ablate.flatMap(\.changes).map { change in
      String(change.drop { $0 == "~" }.prefix { $0 != "=" })
    }
  }

  /// Makes the changes of an ablation the values of its one parameter.
  mutating func resolveAblation() {
    guard !ablate.isEmpty else { return }
    let names = [Self.baseline] + ablate.map(\.name) + (together ? [Self.all] : [])
    parameters = [ParameterSpec(paths: [Self.changePath], space: .choices(names.map { [$0] }))]
  }
}

/// An item of `ablate`: changes to the experiment that go by one name.
package struct AblationSpec: Equatable, Sendable {
  package var name: String
  /// Overrides, as on the command line.
  package var changes: [String]
}

/// What one setting, or several that are changed together, may be.
package struct ParameterSpec: Equatable, Sendable {
  /// The values in question.
  package enum Space: Equatable, Sendable {
    /// These only; each has a text for each path, as an override has it.
    case choices([[String]])
    case uniform(ClosedRange<Double>)
    /// Uniform in the logarithm.
    case logUniform(ClosedRange<Double>)
    case integers(ClosedRange<Int>)
  }

  /// One path, or all of `zip`.
  package var paths: [String]
  package var space: Space

  /// A parameter at `paths`.
  package init(paths: [String], space: Space) { (self.paths, self.space) = (paths, space) }

  /// How many values there are; nil for a range of real numbers.
  package var count: Int? {
    switch space {
    case .choices(let choices): choices.count
    case .integers(let range): range.upperBound - range.lowerBound + 1
    case .uniform, .logUniform: nil
    }
  }
}

/// `objective`: what the trials are compared by.
package struct ObjectiveSpec: Equatable, Sendable {
  /// Which values are better.
  package enum Goal: String, CaseIterable, Sendable { case minimize, maximize }

  /// A column of the run's CSV files.
  package var metric: String
  package var goal = Goal.minimize
}

/// `slurm`: what the jobs of a sweep ask a cluster for.
package struct SlurmSpec: Equatable, Sendable {
  package var partition: String?
  package var account: String?
  /// As in `02:00:00`.
  package var time: String?
  /// As in `4G`.
  package var memory: String?
  /// Processors for a trial.
  package var cpus = 1
  /// Further lines of the script, before the trial: `#SBATCH` options and commands.
  package var lines: [String] = []
}
