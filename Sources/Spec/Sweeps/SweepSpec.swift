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
  /// Changes to the experiment, each tried alone; none in other sweeps.
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

  /// What trials have a value for, in the order of the file: paths of settings, or ``changePath``.
  package var paths: [String] { parameters.flatMap(\.paths) }
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
