import Basics
import Foundation
import Kernels
import Models
import Runs
import Spec

/// The weights that a new run begins with: those of a checkpoint of another run.
///
/// The new run has a schedule, images and random streams of its own, all from their beginning. Layers of resolutions that come later
/// in its schedule have the other run's weights when they grow in; those of resolutions that the other run does not have are drawn.
package struct Origin {
  /// What `run.json` says of it.
  package let note: Manifest.Origin
  private let checkpoint: StoredCheckpoint
  private let text: CheckpointText

  /// The checkpoint that a user means by `text`: a run, for its newest whole one, or `RUN@ITERATION`. Checks every byte of it.
  package init(_ text: String, in runs: String, _ files: any FileSystem) throws {
    var (name, iteration): (Substring, Int?) = (text[...], nil)
    if let at = text.lastIndex(of: "@"), let number = Int(text[text.index(after: at)...]) {
      (name, iteration) = (text[..<at], number)
    }
    let run = try RunDirectory.find(String(name), in: runs, files)
    let files = try files.confined(to: run.path)
    let manifest = try Manifest(run, files)
    let store = CheckpointStore(run.checkpoints, keep: 1, in: files)
    let iterations = try store.iterations()
    if let iteration, !iterations.contains(iteration) {
      throw Diagnostics(
        "'\(run.path)' has no checkpoint of iteration \(iteration)",
        note: iterations.isEmpty ? nil : "it has: \(iterations.map(String.init).joined(separator: ", "))", exitCode: .inputNotFound)
    }
    var reasons: [String] = []
    guard let found = try iteration.map({ try store.open($0) }) ?? store.newest({ reasons.append("\($0)") }) else {
      throw Diagnostics(
        [Diagnostic("'\(run.path)' has no checkpoint whose weights a run could begin with")] + reasons.map { Diagnostic($0) },
        exitCode: reasons.isEmpty ? .inputNotFound : .badData)
    }
    checkpoint = found
    self.text = try CheckpointText(found)
    let path = Path.isAbsolute(run.path) ? run.path : Path.join(WorkingFolder.path, run.path)
    note = Manifest.Origin(
      run: manifest.id, path: path, iteration: found.iteration, sha256: found.file.metadata[SealedFile.key] ?? "")
  }

  /// As in `tiny/v001@28`.
  package var description: String { "\(note.run)@\(note.iteration)" }

  /// Puts the weights into `state`, which is that of a new run, and Adam's moments where the other run has all that a network needs.
  /// Throws when the networks do not fit, naming the first tensor that differs.
  /// - Returns: what is to be said about it, a sentence each.
  func apply(to state: TrainingState, _ spec: ExperimentSpec) throws -> [String] {
    let file = checkpoint.file
    let levels = (file.names.compactMap { Self.level(of: $0) }.max() ?? -1) + 1
    var notes = ["begins with the weights of \(description), \(file.path)"]
    var isDrawn = false
    for network in NetworkRole.allCases {
      let own = state.variables.filter { $0.network == network }
      let known = own.filter { (Self.level(of: $0.name) ?? 0) < levels }
      isDrawn = isDrawn || known.count < own.count
      for variable in known where !variable.isSlot && variable.role != .average { try read(variable, into: state) }
      for average in known where average.role == .average { try read(average, into: state) }
      let slots = known.filter(\.isSlot)
      if slots.allSatisfy({ file.header[$0.key]?.shape == $0.shape.dims }) {
        for slot in slots { try read(slot, into: state) }
        for weight in known where weight.role == .weight { state.steps[weight.key] = text.training.steps[weight.key] ?? 0 }
      } else {
        notes.append("Adam's moments of the \(network) begin anew: that run has kept others")
      }
    }
    if isDrawn { notes.append("the layers above \(2 << levels)x\(2 << levels) are drawn: that run does not have them") }
    // At least one, by which later readers know that the weights are not those that the seed draws.
    state.earlier = max(1, min(text.training.iteration + (text.training.earlier ?? 0), Self.mostEarlier))
    return notes
  }

  /// Iterations of other runs beyond which counting them makes no difference.
  private static let mostEarlier = 1 << 50

  private func read(_ variable: Variable, into state: TrainingState) throws {
    let (name, buffer, shape) = (variable.key, state.buffers[variable.key]!, variable.shape.dims)
    guard let entry = checkpoint.file.header[name], entry.type == .float32, entry.shape == shape else {
      let found = checkpoint.file.header[name].map { "\($0.type.rawValue) \($0.shape)" }
      throw Diagnostics(
        "cannot begin with '\(checkpoint.file.path)': its tensor '\(name)' is \(found ?? "missing"), and this spec's is F32 \(shape)",
        note: "the generator and discriminator settings must be those of \(note.run), but for levels that are added or left out",
        exitCode: .badData)
    }
    try checkpoint.file.read(
      name, .float32, shape: shape, into: UnsafeMutableRawBufferPointer(start: buffer.base, count: 4 * buffer.count))
    guard (0..<buffer.count).allSatisfy({ buffer.base[$0].isFinite }) || variable.isSlot else {
      throw Diagnostics(
        "cannot begin with '\(checkpoint.file.path)': its tensor '\(name)' is not finite everywhere", exitCode: .badData)
    }
  }

  /// No network doubles its resolution as often.
  private static let largestLevel = 32

  /// The level that a tensor belongs to by its name: 0 at 4x4, one more for each doubling; nil when it belongs to none.
  private static func level(of name: String) -> Int? {
    name.split(separator: ".").first { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }.flatMap { Int($0) }
      .flatMap { (0..<largestLevel).contains($0) ? $0 : nil }
  }
}
