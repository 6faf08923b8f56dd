/// A kind of harm, in one file.
protocol Chapter: Sendable {
  /// Tries all of it; what came of it is in the results of `session`.
  static func run(_ session: Session) throws
}

/// The chapters in their order, by the names that the command line knows them by.
enum Catalog {
  static let chapters: [(name: String, chapter: any Chapter.Type)] = [
    ("kills", Kills.self),
    ("networks", StatefulNetworks.self),
    ("calls", ChosenCalls.self),
    ("signals", Signals.self),
    ("sweeps", Sweeps.self),
    ("races", Races.self),
    ("checkpoints", Checkpoints.self),
    ("files", Files.self),
    ("disks", Disks.self),
    ("clocks", Clocks.self),
  ]
}

/// How often something is tried in the long form, and in the short one.
struct Count {
  private let long, short: Int

  func number(_ isShort: Bool) -> Int { isShort ? short : long }

  static let once = Count(long: 1, short: 1)
  static let kills = Count(long: 300, short: 20)
  /// Of each network.
  static let networkKills = Count(long: 40, short: 3)
  /// Of each kind of call: in the long form until there is none left.
  static let chosenCalls = Count(long: .max, short: 1)
  static let signals = Count(long: 30, short: 3)
  static let secondSignals = Count(long: 10, short: 1)
  static let sweepKills = Count(long: 10, short: 3)
  /// With each, six trials.
  static let sweepRates = Count(long: 4, short: 2)
  static let races = Count(long: 50, short: 2)
  static let heldResumes = Count(long: 5, short: 5)
  static let flippedCheckpoints = Count(long: 100, short: 2)
  /// Of the lengths that checkpoints are cut to: in the long form all.
  static let cutCheckpoints = Count(long: .max, short: 2)
  static let flippedFiles = Count(long: 200, short: 4)
  static let fullDisks = Count(long: 40, short: 3)
}
