import Basics
import Foundation

/// The command line as text from which the bytes of each argument can be had again.
enum ProgramArguments {
  /// All arguments, the program's name first.
  static let all: [String] = (0..<Int(CommandLine.argc)).compactMap { number in
    CommandLine.unsafeArgv[number].map { SystemText.decode($0) }
  }

  /// Throws unless the whole command line can be read, as without `/proc`: what is missing would look as if the user had not typed it.
  static func requireWhole() throws(Diagnostics) {
    let place = "/proc/self/cmdline"
    let bytes = FileManager.default.contents(atPath: place)
    guard !all.isEmpty, bytes?.count(where: { $0 == 0 }) == all.count else {
      throw Diagnostics("the command line cannot be read from '\(place)'", exitCode: .systemLimit)
    }
  }
}
