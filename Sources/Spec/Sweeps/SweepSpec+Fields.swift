extension SweepSpec {
  /// A whole sweep file.
  static func schema(_ language: Language) -> ObjectSchema<SweepSpec> {
    ObjectSchema(
      name: "a sweep", blank: blank(language),
      fields: [
        .constant("version", 1, "Version of the sweep file's language"),
        Field("name", \.name, .name, "Name of the sweep and of its folder under runs", default: .required, example: "rates"),
        Field(
          "experiment", \.experiment, .text("the path of an experiment's file"),
          "The experiment's file, relative to this one", default: .required, example: "mel-64.yaml"),
        Field(
          "overrides", \.overrides, .list(of: .text("an override as on the command line"), blank: "", count: 0...1000),
          "Changes to the experiment that all trials share", example: "[schedule.batch=8]"),
        Field(
          "parameters", \.parameters, .parameters, "What the trials differ in, by the dotted path of the setting",
          default: .derived("what `ablate` says"), example: "{optimizer.adam.rate: {values: [1e-4, 1e-3]}}"),
        Field(
          "ablate", \.ablate,
          .list(of: .object(AblationSpec.schema), blank: AblationSpec(name: "", changes: []), count: 1...1000),
          "Instead of parameters: named changes to the experiment; trials are the baseline and each change alone",
          default: .derived("none"), example: "[{name: no drift, changes: [~loss.discriminator.drift]}]"),
        Field("together", \.together, .flag, "Whether all changes of `ablate` are tried at once, too"),
        Field(
          "search", \.search, .one(of: language.searches, kind: "a way to search"), "How the values of the trials are chosen"),
        Field(
          "repeats", \.repeats, .integer(1...mostTrials),
          "Runs of each set of values: the first has the experiment's seed, each further one the next seed"),
        Field(
          "objective", \.objective, .optional(.object(ObjectiveSpec.schema), blank: ObjectiveSpec.schema.blank),
          "What the trials are compared by", example: "{metric: swd_mean, goal: minimize}"),
        Field(
          "stopping", \.stopping,
          .optional(.one(of: language.stoppers, kind: "a rule that stops trials"), blank: .none),
          "Which trials are ended early, at the ends of phases", example: "{asha: {reduction: 4}}"),
        Field("workers", \.workers, .integer(1...1024), "Trials at a time; the threads are divided among them"),
        Field(
          "share_prefixes", \.sharesPrefixes, .flag,
          "Whether the phases that trials have in common to the last bit are trained once for all of them"),
        Field("slurm", \.slurm, .object(SlurmSpec.schema), "What each trial asks for under --executor slurm"),
      ])
  }

  /// A sweep with every default, and nothing useful in the required settings.
  private static func blank(_ language: Language) -> SweepSpec {
    SweepSpec(name: "", experiment: "", parameters: [], search: language.searches.choices.first ?? .none)
  }
}

extension AblationSpec {
  static var schema: ObjectSchema<AblationSpec> {
    ObjectSchema(
      name: "a change", blank: AblationSpec(name: "", changes: []),
      fields: [
        Field("name", \.name, .text("a name"), "What tables call it", default: .required, example: "no drift"),
        Field(
          "changes", \.changes, .list(of: .text("an override as on the command line"), blank: "", count: 1...100),
          "Overrides of the experiment, as on the command line", default: .required, example: "[~loss.discriminator.drift]"),
      ])
  }
}

extension ObjectiveSpec {
  static var schema: ObjectSchema<ObjectiveSpec> {
    ObjectSchema(
      name: "objective", blank: ObjectiveSpec(metric: ""),
      fields: [
        Field(
          "metric", \.metric, .text("a column of the run's CSV files"),
          "The column whose last value counts", default: .required, example: "loss.discriminator"),
        Field("goal", \.goal, .choice, "Whether low or high values are good"),
      ])
  }
}

extension SlurmSpec {
  static var schema: ObjectSchema<SlurmSpec> {
    func optional(_ expected: String) -> FieldType<String?> { .optional(.word(expected), blank: "") }
    return ObjectSchema(
      name: "slurm", blank: SlurmSpec(),
      fields: [
        Field("partition", \.partition, optional("the name of a partition"), "The partition", example: "cpu"),
        Field("account", \.account, optional("the name of an account"), "The account that is charged"),
        Field(
          "time", \.time, optional("a duration as Slurm has it"),
          "The longest that a task may take; a trial that takes longer goes on in the next one", example: "\"02:00:00\""),
        Field("memory", \.memory, optional("an amount of memory as Slurm has it"), "Memory for a trial", example: "4G"),
        Field("cpus", \.cpus, .integer(1...1024), "Processors, and so threads, for a trial"),
        Field(
          "lines", \.lines, .list(of: .line, blank: "", count: 0...100),
          "Further lines of the job's script, before the trial", example: "[\"#SBATCH --nice=100\", module load gcc]"),
      ])
  }
}
