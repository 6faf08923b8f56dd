/// The number of a run among those of its name: `v001`, `v002`, ... `v1000`.
package struct RunVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// From 1.
  package let number: Int

  /// The highest version that a folder can have: there is always a next one.
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

  /// The folder's name.
  package var description: String { "v" + padded(number, 3) }

  package static func < (left: RunVersion, right: RunVersion) -> Bool { left.number < right.number }
}

/// `number` with zeros before it, up to `width` digits.
func padded(_ number: Int, _ width: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.count)) + text
}
