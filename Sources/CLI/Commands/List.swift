import ArgumentParser
import Basics
import Kernels
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

  var printsJSON: Bool { json }

  func execute() throws {
    let runs = folder.runs
    let files = LocalFileSystem()
    guard try files.status(of: runs) != nil else {
      return Console.tell("There is no folder '\(runs.printable)' yet: a first 'fadein run' makes it.")
    }
    let folders = try name.map { try self.folders(of: $0, files) } ?? RunFolders(under: runs, files)
    var (table, count, failure) = (RunEntry.table, 0, nil as (any Error)?)
    let skipped = RunCatalog.read(folders, threads: Lanes.available, files) { summary in
      count += 1
      let entry = RunEntry(summary, under: runs)
      guard json else { return table.append(entry.cells) }
      do { print(try JSONLine.text(entry)) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    Console.tell(skipped)
    if count == 0 {
      if let name { throw unknown(name, files) }
      return Console.tell("There are no runs in '\(runs.printable)' yet.")
    }
    if !json { Console.show(table, else: "--json") }
  }

  /// The runs of one name; nothing else is looked at.
  private func folders(of text: String, _ files: LocalFileSystem) throws -> RunFolders {
    guard let name = RunName(text) else { throw unknown(text, files) }
    do throws(FileError) {
      return try RunFolders(of: name, in: folder.runs, files)
    } catch  where error.isNotFound {
      throw unknown(text, files)
    }
  }

  private func unknown(_ name: String, _ files: LocalFileSystem) -> Diagnostics {
    let names = ((try? files.list(folder.runs)) ?? []).filter { RunName($0) != nil }
    let suggestion = EditDistance.closest(to: name, among: names.filter { $0 != name })
    return Diagnostics("there is no run named '\(name)' in '\(folder.runs)'", suggestion: suggestion, exitCode: .inputNotFound)
  }
}
