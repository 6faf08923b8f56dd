import Basics
import Evaluation
import Models
import Spec
import Training

/// What some trials have in common: everything up to the end of a phase.
package struct Prefix: Equatable, Sendable {
  /// The name of its folder: the beginning of a digest of all that it depends on.
  package let name: String
  /// The name of the shorter prefix that this one continues.
  package var parent: String?
  /// The last phase and iteration in it, from 1.
  package let phase: Int
  package let iteration: Int
  /// The numbers of the trials that continue from this one or from a longer one that does.
  package var trials: [Int]

  private static let digits = 16

  /// Whether `text` is the name of a prefix. A sweep may come from anybody, and a name from its files becomes a path.
  static func isName(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst()
    return text.utf8.first == UInt8(ascii: "p") && digits.count == Self.digits
      && digits.allSatisfy { ("0"..."9").contains(Unicode.Scalar($0)) || ("a"..."f").contains(Unicode.Scalar($0)) }
  }

  /// The prefixes of a trial that runs `spec`, the shortest first; the last phase is none.
  ///
  /// Two specs have a prefix in common when they are equal but for their names, later phases, and rate drops that begin later,
  /// and when their later phases give `evaluations.csv` the same columns.
  /// Nothing else that a spec can say takes effect late: random numbers come from named streams, so an iteration depends on
  /// nothing that follows it.
  static func chain(of spec: ExperimentSpec, trial: Int) -> [Prefix] {
    let schedule = Schedule(spec)
    return schedule.phases.dropLast().map { phase in
      var shortened = spec
      shortened.name = "prefix"
      // As it is written: a project may be moved.
      shortened.data.path = spec.data.folder
      shortened.schedule.phases = Array(spec.schedule.phases.prefix(phase.number))
      shortened.optimizer.drops = spec.optimizer.drops.filter { drop in
        schedule.phases.contains { $0.resolution == drop.resolution && $0.firstIteration + drop.after <= phase.lastIteration }
      }
      let columns = EvaluationColumns(spec).names.joined(separator: ",")
      let digest = Digest.sha256(shortened.yaml + columns)
      return Prefix(
        name: "p\(digest.prefix(digits))", parent: nil, phase: phase.number, iteration: phase.lastIteration, trials: [trial])
    }
  }
}
