import ArgumentParser

@main struct Fadein: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fadein", abstract: "Grows GANs from YAML.", version: "0.1.0", subcommands: [])
}
