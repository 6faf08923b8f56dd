import Basics
import Foundation

/// The command line as text from which the bytes of each argument can be had again.
enum ProgramArguments {
  /// All arguments, the program's name first.
  static let all: [String] = (0..<Int(CommandLine.argc)).compactMap { number in
    CommandLine.unsafeArgv[number].map { SystemText.decode($0) }
  }

  /// Throws where the system does not tell all of the command line: without `/proc`, or when it cannot be read there. What is
  /// missing would look as if it had not been asked for.
  static func requireWhole() throws(Diagnostics) {
    let place = "/proc/self/cmdline"
    let bytes = FileManager.default.contents(atPath: place)
    guard !all.isEmpty, bytes?.count(where: { $0 == 0 }) == all.count else {
      throw Diagnostics("the system does not tell what was asked for: '\(place)' cannot be read", exitCode: .systemLimit)
    }
  }
}
