import ArgumentParser
import Basics
import Runs

/// `fadein list`: the runs under a folder.
struct List: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists runs: name, version, status, phase, progress, losses.",
    discussion: "A status follows from the files at this moment: a run whose process was killed shows as interrupted.")

  @Argument(help: "Only the runs of this name; all by default.")
  var name: String?

  @OptionGroup var folder: RunsArgument

  @Flag(help: "One JSON object a line.")
  var json = false

  func execute() throws {
    let runs = folder.runs
    let files = LocalFileSystem()
    guard try files.status(of: runs) != nil else {
      return Console.tell("There is no folder '\(runs.printable)' yet: a first 'fadein run' makes it.")
    }
    let catalog = try RunCatalog(runs, files)
    let entries = catalog.runs.map { RunEntry($0, under: runs) }
    Console.tell(catalog.skipped.filter { isMeant(RunEntry.steps(of: $0.path, under: runs).first) })
    let shown = entries.filter { isMeant($0.name) }
    if let name, shown.isEmpty {
      let suggestion = EditDistance.closest(to: name, among: entries.map(\.name))
      throw Diagnostics("there is no run named '\(name)' in '\(runs)'", suggestion: suggestion, exitCode: .inputNotFound)
    }
    if shown.isEmpty { return Console.tell("There are no runs in '\(runs.printable)' yet.") }
    if json {
      for entry in shown { print(try JSONLine.text(entry)) }
    } else {
      print(RunEntry.table(shown).text, terminator: "")
    }
  }

  private func isMeant(_ name: String?) -> Bool { self.name == nil || self.name == name }
}
