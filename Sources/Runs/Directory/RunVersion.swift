import Basics
import Foundation

/// The number of a run among those of its name: `v001`, `v002`, ... `v1000`.
package struct RunVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// From 1.
  package let number: Int

  /// The highest version that a folder can have. None follows it.
  package static let highest = 999_999_999

  /// The version of this number.
  package init(_ number: Int) {
    precondition(number >= 1, "versions count from 1, not from \(number)")
    self.number = number
  }

  /// The version that a folder's name stands for, or nil.
  package init?(folder: String) {
    guard folder.first == "v", let number = Int(folder.dropFirst()), (1...Self.highest).contains(number) else {
      return nil
    }
    self.number = number
    guard description == folder else { return nil }
  }

  /// Takes the version after the highest one in `folder`, or a later one that others are not faster with: that for which `take`
  /// does not fail with `EEXIST`. Throws ``Exhausted`` when there is none.
  package static func takeNext<Value>(
    in folder: String, _ files: any FileSystem, _ take: (RunVersion) throws -> Value
  ) throws -> Value {
    var last = try files.list(folder).compactMap { RunVersion(folder: $0)?.number }.max() ?? 0
    while true {
      guard last < highest else { throw Exhausted(folder: folder) }
      last += 1
      do {
        return try take(RunVersion(last))
      } catch let error as FileError where error.errno == EEXIST {
        continue
      }
    }
  }

  /// The highest version is there already.
  package struct Exhausted: UserFacingError, Equatable {
    package let folder: String
    package var exitCode: ExitCode { .cannotCreate }
    package var description: String {
      "no version can follow '\(Path.join(folder, RunVersion(highest).description))'"
    }
    package var diagnostics: Diagnostics {
      Diagnostics(description, note: "give that folder a lower number, or move it elsewhere", exitCode: exitCode)
    }
  }

  /// The folder's name.
  package var description: String { "v" + padded(number, 3) }

  package static func < (left: RunVersion, right: RunVersion) -> Bool { left.number < right.number }
}

/// `number` with zeros before it, up to `width` digits.
func padded(_ number: Int, _ width: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.count)) + text
}
