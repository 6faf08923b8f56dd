import Basics
import Kernels
import Models
import Spec

extension SweepSource {
  /// What is repeated among the values of a parameter that `trials` have, or may have in an adaptive search, spelled in two ways: trials
  /// of both would end with the same bytes. One diagnostic for each pair, where a value alone gives a valid experiment.
  func equalChoices(_ trials: [Trial], file: String, _ files: any FileSystem = LocalFileSystem()) -> [Diagnostic] {
    var column = 0
    return sweep.parameters.flatMap { parameter -> [Diagnostic] in
      let columns = column..<column + parameter.paths.count
      column = columns.upperBound
      // Numbers were compared as such.
      guard case .choices(let all) = parameter.space, all.contains(where: { $0.contains { Double($0) == nil } }) else { return [] }
      let used = Set(trials.map { Array($0.values[columns]) })
      let choices = sweep.search.isAdaptive ? all : all.filter(used.contains)
      let texts = Parallel.map(choices.count, threads: Lanes.available, state: { try? template() }) { index, template -> String? in
        let overrides =
          sweep.ablate.isEmpty ? zip(parameter.paths, choices[index]).map { "\($0)=\($1)" } : sweep.overrides(choices[index])
        guard var spec = try? template?.spec(overrides) else { return nil }
        // However a folder is spelled.
        let folder = (try? files.status(of: spec.data.path))?.flatMap(\.identity)
        spec.data.path = folder.map { "\($0.device):\($0.inode)" } ?? spec.data.path
        return Digest.sha256(spec.yaml)
      }
      var first: [String: Int] = [:]
      return choices.indices.compactMap { index in
        guard let text = texts[index] else { return nil }
        guard let other = first[text] else {
          first[text] = index
          return nil
        }
        func spelled(_ index: Int) -> String { choices[index].map(\.shortened).joined(separator: ", ") }
        guard sweep.ablate.isEmpty else {
          return Diagnostic(
            "ablate: '\(spelled(index))' is the same experiment as '\(spelled(other))'", file: file,
            note: "leave it out, or change something else")
        }
        return Diagnostic(
          "parameters.\(parameter.paths.joined(separator: ", ")): '\(spelled(other))' and '\(spelled(index))' are the same value",
          file: file, note: "leave one of them out")
      }
    }
  }
}
