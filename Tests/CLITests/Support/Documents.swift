import Foundation

/// What the documents of the checkout print for people to type.
enum Documents {
  /// A line of a fence that holds commands.
  struct Command: CustomStringConvertible {
    let file: String
    let line: Int
    let text: String
    var description: String { "\(file):\(line): \(text)" }
  }

  /// A span of code in running text, or a line of any fence.
  struct Span: CustomStringConvertible {
    let file: String
    let line: Int
    let text: String
    var description: String { "\(file):\(line): \(text)" }
  }

  /// How the first line of a fence begins that holds commands.
  private static let starts = [
    "./", "scripts/", "cp ", "sed ", "mkdir ", "python3 ", "source ", "RECORD=", ".ci/", "fadein ", "srun ",
    "timeout ", "nohup ", "nice ",
    "#SBATCH",
  ]

  /// The paths of the documents in the checkout; pages that `schema --reference` writes are left out.
  static let files: [String] = {
    let root = Program.repository.path
    let folders = ["", "docs", "experiments", "runs", "scripts", "schemas"]
    let found = folders.flatMap { folder -> [String] in
      let path = folder.isEmpty ? root : root + "/" + folder
      guard !folder.isEmpty else { return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
      return ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).map { folder + "/" + $0 }
    }
    let isRun = { (path: String) in path.hasPrefix("runs/") && path != "runs/README.md" }
    return found.filter { $0.hasSuffix(".md") && !isRun($0) && !["docs/spec.md", "docs/sweep-spec.md"].contains($0) }.sorted()
  }()

  /// The commands of the document `file`, in their order.
  static func commands(of file: String) throws -> [Command] {
    try fences(of: file).filter { fence in fence.first.map { first in starts.contains { first.text.hasPrefix($0) } } ?? false }
      .flatMap { $0 }
      .filter { !$0.text.trimmingCharacters(in: .whitespaces).isEmpty && !$0.text.hasPrefix("#") }
      .map { Command(file: $0.file, line: $0.line, text: $0.text) }
  }

  /// Spans of code outside of fences, and all lines of fences with commands.
  static func spans(of file: String) throws -> [Span] {
    var spans = try commands(of: file).map { Span(file: $0.file, line: $0.line, text: $0.text) }
    for (number, line, isFenced) in try lines(of: file) where !isFenced {
      let parts = line.components(separatedBy: "`")
      for index in parts.indices where index % 2 == 1 && index < parts.count - 1 {
        spans.append(Span(file: file, line: number, text: parts[index]))
      }
    }
    return spans
  }

  /// The lines of each fence, fences in another language than the shell's left out.
  private static func fences(of file: String) throws -> [[Span]] {
    var fences: [[Span]] = []
    var isOpen = false
    for (number, line) in try text(of: file).components(separatedBy: "\n").enumerated() {
      if line.trimmingCharacters(in: .whitespaces).hasPrefix("```") {
        isOpen.toggle()
        if isOpen { fences.append([]) }
      } else if isOpen {
        fences[fences.count - 1].append(Span(file: file, line: number + 1, text: line))
      }
    }
    return fences
  }

  private static func lines(of file: String) throws -> [(Int, String, isFenced: Bool)] {
    var isOpen = false
    return try text(of: file).components(separatedBy: "\n").enumerated().map { number, line in
      let isMark = line.trimmingCharacters(in: .whitespaces).hasPrefix("```")
      if isMark { isOpen.toggle() }
      return (number + 1, line, isOpen || isMark)
    }
  }

  static func text(of file: String) throws -> String {
    try String(contentsOf: Program.repository.appending(path: file), encoding: .utf8)
  }
}
