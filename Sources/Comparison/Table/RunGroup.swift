import Runs

/// Repeats of a run: runs on the same images that differ in their seed alone, or in name and label.
package struct RunGroup: Sendable {
  /// Settings that do not make runs different in kind. Where the images were does not: what they were does.
  private static let ignored: Set<String> = ["seed", "name", "data.folder"]

  /// Places in the list that was grouped, by seed.
  package let members: [Int]

  /// The groups among `runs`, in the order of the run that is first in each. Of several runs with one seed in a group the finished
  /// ones go first, then the newest one; the others are `repeated`, since they say nothing new.
  package static func groups(_ runs: [ComparedRun]) -> (groups: [RunGroup], repeated: [Int]) {
    var (places, groups, repeated) = ([[String]: Int](), [[Int]](), [Int]())
    for (number, run) in runs.enumerated() {
      // Runs that do not say what they were trained on are told apart by the folder.
      let images = run.manifest.datasetHash ?? "unknown: \(run.settings["data.folder"] ?? "")"
      let key = [images] + run.settings.items.flatMap { ignored.contains($0.path) ? [] : [$0.path, $0.value] }
      if let place = places[key] {
        groups[place].append(number)
      } else {
        places[key] = groups.count
        groups.append([number])
      }
    }
    let chosen = groups.map { members in
      let bySeed = Dictionary(grouping: members) { runs[$0].manifest.seed }
      return bySeed.sorted { $0.key < $1.key }.map { _, members in
        let best = members.max { Self.weight(runs[$0]) < Self.weight(runs[$1]) }!
        repeated += members.filter { $0 != best }
        return best
      }
    }
    return (chosen.map(RunGroup.init), repeated.sorted())
  }

  private init(_ members: [Int]) { self.members = members }

  private static func weight(_ run: ComparedRun) -> (Int, String, String) {
    (run.status == .finished ? 1 : 0, run.manifest.created, run.name)
  }
}
