import Basics
import Foundation
import Models
import Runs
import Spec

/// What is compared beside the state and the rows that were made anew.
extension Verification {
  /// Bytes of the longest header and of the longest `phases.csv` that are read.
  private static let longest = 1 << 20

  /// The differences in the headers of the tables and in `phases.csv`, and of a run that ends here, in what follows its end.
  /// - Parameters:
  ///   - lengths: bytes of the tables at the end
  ///   - state: that of the end, as it was made anew
  ///   - shown: images shown in each phase that has ended meanwhile, by its number
  func restDifferences(_ lengths: [String: Int], _ state: TrainingState, shown: [Int: Int]) throws -> [String] {
    let (directory, isEnd) = (run.directory, try isEnd)
    let evaluated = EvaluationColumns(run.spec)
    let tables = [
      ("metrics", directory.metrics, MetricsColumns(run.spec).all),
      ("phases", directory.phases, Column.phases),
      ("evaluations", directory.evaluations, evaluated.all),
    ]
    var differences: [String] = []
    for (name, path, columns) in tables {
      guard let length = lengths[name], name != "evaluations" || !evaluated.measured.isEmpty else { continue }
      if let difference = try headerDifference(path, columns.map(\.name)) { differences.append(difference) }
      if isEnd, let size = try run.files.status(of: path)?.size, size > length {
        differences.append("\(Path.name(of: path)): it has \(size) bytes, and had \(length) when the run ended")
      }
    }
    if let difference = try phaseDifference(lengths["phases"] ?? 0, shown, isEnd: isEnd) { differences.append(difference) }
    if isEnd, let difference = try generatorDifference(state) { differences.append(difference) }
    return differences
  }

  /// Whether nothing of the run follows what was made anew.
  private var isEnd: Bool {
    get throws { try to == Schedule(run.spec).iterations && RunStatus(recordedIn: run.directory, run.files) == .finished }
  }

  private func headerDifference(_ path: String, _ columns: [String]) throws -> String? {
    let header = CSV.header(columns)
    let bytes = try run.files.reading(path) { (file, size) throws(FileError) in
      try run.files.read(min(size, header.utf8.count), from: file, at: 0)
    }
    guard bytes != Array(header.utf8) else { return nil }
    let found = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
    return "\(Path.name(of: path)), line 1: the columns '\(String(found).printable)' recorded, '\(header.dropLast())' re-run"
  }

  /// The first row of `phases.csv` that is not of the schedule, or has other images than were shown.
  private func phaseDifference(_ length: Int, _ shown: [Int: Int], isEnd: Bool) throws -> String? {
    let text = try run.files.reading(run.directory.phases) { (file, size) throws(FileError) in
      try run.files.read(min(size, length, Self.longest), from: file, at: 0)
    }
    let rows = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropFirst().dropLast()
    let phases = Schedule(run.spec).phases
    let name = Path.name(of: run.directory.phases)
    for (index, row) in rows.enumerated() {
      let cells = String(decoding: row, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard index < phases.count, cells.count == Column.phases.count else {
        return "\(name), line \(index + 2): it is no phase's row"
      }
      let phase = phases[index]
      let numbers: [Int?] = [
        phase.number, phase.resolution, phase.fade, phase.hold, phase.firstIteration, phase.lastIteration, shown[phase.number],
      ]
      for (column, (cell, number)) in zip(Column.phases.map(\.name), zip(cells, numbers)) {
        if let number, cell != String(number) {
          return "\(name), line \(index + 2), \(column): \(cell.printable) recorded, \(number) re-run"
        }
      }
    }
    let missing = phases.dropFirst(rows.count).first { $0.lastIteration < to || isEnd }
    return missing.map { "\(name): the row of phase \($0.number) is missing" }
  }

  /// What of the finished run's generator is not as it was made anew.
  private func generatorDifference(_ state: TrainingState) throws -> String? {
    let (name, side) = (Path.name(of: run.directory.generator), "\(run.spec.schedule.phases.last!.resolution)")
    do {
      let file = try SafetensorsFile(run.directory.generator, in: run.files)
      let tensors = state.generatorTensors
      guard file.names.sorted() == tensors.map(\.name).sorted() else { return "\(name): its tensors are not those of the spec" }
      if let other = file.metadata["resolution"], other != side {
        return "\(name), resolution: \(other.shortened) recorded, \(side) re-run"
      }
      for tensor in tensors {
        guard try file.shape(tensor.name) == tensor.shape else { return "\(name): tensor '\(tensor.name)' has another shape" }
        let recorded = try file.floats(tensor.name)
        let made = tensor.withBytes { Array($0.bindMemory(to: Float.self)) }
        guard let index = recorded.indices.first(where: { recorded[$0].bitPattern != made[$0].bitPattern }) else { continue }
        let place = "tensor '\(tensor.name)' \(tensor.shape), element \(index)"
        return "\(name): \(place): \(recorded[index]) recorded, \(made[index]) re-run"
      }
      return nil
    } catch let error as SafetensorsError {
      return "\(name): \(error)"
    }
  }
}
