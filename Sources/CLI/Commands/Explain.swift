import ArgumentParser
import Basics

/// `fadein explain`: what a setting means.
struct Explain: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells what settings and columns mean: values, default, meaning.",
    discussion: """
      Settings of experiments and sweep files, and columns of a run's tables. 'explain optimizer.adam' tells of everything below \
      that path, 'explain padding' of every path with that word, 'explain swd_mean' of that column.
      """)

  @Argument(help: "A path, a part of one, a column, or a word to look for; all settings by default.")
  var setting = ""

  func execute() throws {
    let explanation = Explanation(setting)
    guard let text = explanation.text else {
      throw Diagnostics(
        "there is no setting or column '\(setting.shortened)'", note: "'fadein explain' lists all settings",
        suggestion: explanation.suggestion, exitCode: .usage)
    }
    print(text, terminator: "")
  }
}
