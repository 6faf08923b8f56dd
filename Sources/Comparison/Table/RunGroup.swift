import Runs
import Spec

/// Repeats of a run: runs on the same images that differ in their seed alone, or in name and label.
package struct RunGroup: Sendable {
  /// Settings that do not make runs different in kind. Where the images were does not: what they were does.
  private static let ignored: Set<String> = ["seed", "name", "data.folder"]

  /// Places in the list that was grouped, by seed.
  package let members: [Int]

  /// The groups among `runs`, in the order of the run that is first in each. Of several runs with one seed in a group the finished
  /// ones go first, then the newest one; the others are `repeated`, since they say nothing new.
  package static func groups(_ runs: [ComparedRun]) -> (groups: [RunGroup], repeated: [Int]) {
    var (places, groups, repeated) = ([Int: [Int]](), [[Int]](), [Int]())
    var hashes: [ObjectIdentifier: Int] = [:]
    for (number, run) in runs.enumerated() {
      let images = images(of: run)
      let hash = Self.hash(run.settings, &hashes) ^ images.hashValue
      let place = places[hash]?.first { place in
        let first = runs[groups[place][0]]
        return images == Self.images(of: first) && isRepeat(run.settings, first.settings)
      }
      if let place {
        groups[place].append(number)
      } else {
        places[hash, default: []].append(groups.count)
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

  /// What a run was trained on. Runs that do not say so are distinguished by the folder.
  private static func images(of run: ComparedRun) -> String {
    run.manifest.datasetHash ?? "unknown: \(run.settings["data.folder"] ?? "")"
  }

  /// Equal for repeats. `known` has those of shapes.
  private static func hash(_ settings: SpecSettings, _ known: inout [ObjectIdentifier: Int]) -> Int {
    func hash(_ path: String, _ value: String) -> Int {
      var hasher = Hasher()
      hasher.combine(path)
      hasher.combine(value)
      return hasher.finalize()
    }
    let items = settings.shape.items
    let shape = ObjectIdentifier(settings.shape)
    var sum = known[shape] ?? items.reduce(0) { ignored.contains($1.path) ? $0 : $0 &+ hash($1.path, $1.value) }
    known[shape] = sum
    for change in settings.changes {
      let item = items[change.place]
      if !ignored.contains(item.path) { sum = sum &- hash(item.path, item.value) &+ hash(item.path, change.value) }
    }
    return sum
  }

  private static func isRepeat(_ one: SpecSettings, _ other: SpecSettings) -> Bool {
    guard one.shape === other.shape else {
      return one.items.lazy.filter { !ignored.contains($0.path) }.elementsEqual(
        other.items.lazy.filter { !ignored.contains($0.path) })
    }
    func matters(_ change: SpecSettings.Change) -> Bool { !ignored.contains(one.shape.items[change.place].path) }
    return one.changes.lazy.filter(matters).elementsEqual(other.changes.lazy.filter(matters))
  }

  private init(_ members: [Int]) { self.members = members }

  private static func weight(_ run: ComparedRun) -> (Int, String, String) {
    (run.status == .finished ? 1 : 0, run.manifest.created, run.name)
  }
}
