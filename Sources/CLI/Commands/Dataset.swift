import ArgumentParser

/// `fadein dataset`: what has to do with images alone.
struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Looks at images before anything is trained.",
    subcommands: [
      DatasetInspect.self,
      DatasetPrepare.self,
      DatasetStatistics.self,
      DatasetPreview.self,
    ])
}
