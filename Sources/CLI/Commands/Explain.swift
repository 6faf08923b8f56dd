import ArgumentParser
import Basics
import Models
import Spec

/// `fadein explain`: what a setting means.
struct Explain: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells what the settings of a spec mean: values, default, meaning.",
    discussion: "'explain optimizer.adam' tells of everything below that path, 'explain padding' of every path with that word.")

  @Argument(help: "A path, a part of one, or a word to look for; all settings by default.")
  var setting = ""

  func execute() throws {
    let terms = LossCatalog.declarations
    guard let text = ExperimentSpec.explanation(of: setting, terms: terms) else {
      throw Diagnostics(
        "there is no setting '\(setting)'", note: "'fadein explain' lists all of them",
        suggestion: ExperimentSpec.settingLike(setting, terms: terms), exitCode: .usage)
    }
    print(text, terminator: "")
  }
}
