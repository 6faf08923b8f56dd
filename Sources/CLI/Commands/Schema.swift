import ArgumentParser
import Models
import Spec
import Studies

/// `fadein schema`: what a spec may say, for editors and for people.
struct Schema: FadeinCommand {
  /// What has a schema.
  enum Subject: String, CaseIterable, ExpressibleByArgument {
    case experiment, sweep
  }

  static let configuration = CommandConfiguration(
    abstract: "Prints the JSON Schema of experiments or sweep files, or their settings to read.",
    discussion: """
      An editor with a YAML language server completes and checks specs that begin with

        # yaml-language-server: $schema=../schemas/experiment.schema.json

      The files under schemas/ are exactly this output; docs/spec.md and docs/sweep-spec.md are that of --reference.
      """)

  @Argument(help: "What the schema is of.")
  var subject: Subject

  @Flag(help: "Print every setting with its values, default and meaning, in Markdown.")
  var reference = false

  func execute() {
    switch subject {
    case .experiment:
      let text = reference ? ExperimentSpec.reference(.fadein) : ExperimentSpec.jsonSchema(.fadein)
      print(text, terminator: "")
    case .sweep:
      print(reference ? SweepSpec.reference(.fadein) : SweepSpec.jsonSchema(.fadein), terminator: "")
    }
  }
}
