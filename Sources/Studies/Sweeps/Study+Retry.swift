import Basics

extension Study {
  /// Lets every failed trial be run again. Returns their numbers.
  package func retryFailed() throws -> [Int] {
    try update { table in
      let failed = table.trials.filter { $0.status == .failed }.map(\.number)
      for number in failed {
        (table[number].status, table[number].failures, table[number].detail) = (.waiting, 0, "")
        table[number].objective = nil
      }
      return failed
    }
  }
}
