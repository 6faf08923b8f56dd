import Basics
import Spec

extension SweepSource {
  /// Checks the changes of an ablation, each at its place in the file at `path`: the experiment takes it, something follows from it, and no
  /// other change is the same; all together do not depend on their order.
  /// - Throws: every mistake at once.
  func checkChanges(path: String) throws(Diagnostics) {
    guard sweep.isAblation else { return }
    let template = try template()
    let baseline = try template.spec([]).yaml
    var (mistakes, first): ([Diagnostic], [String: String]) = ([], [:])
    for (number, change) in sweep.ablate.enumerated() {
      let steps = ["ablate", "\(number)", "changes"]
      let yaml: String
      do throws(Diagnostics) {
        yaml = try template.spec(change.changes).yaml
      } catch {
        mistakes += error.items.map { item in
          let steps = overrideNumber(in: item).map { steps + [String($0)] } ?? steps
          return mistake(at: steps, path, "'\(change.name)' would be invalid: \(item.message)", item.note, item.suggestion)
        }
        continue
      }
      if yaml == baseline {
        mistakes.append(mistake(at: steps, path, "'\(change.name)' changes nothing: the experiment is like this", "leave it out"))
      } else if let other = first[yaml] {
        mistakes.append(mistake(at: steps, path, "'\(change.name)' changes the same as '\(other)'", "leave out one of them"))
      } else {
        first[yaml] = change.name
      }
    }
    if mistakes.isEmpty, sweep.together { mistakes += orderMistakes(template, path) }
    guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
  }

  /// All changes at once mean one thing only if any order of them gives the same: two may set the same, or one may move what another names.
  private func orderMistakes(_ template: ExperimentTemplate, _ path: String) -> [Diagnostic] {
    func yaml(_ changes: [AblationSpec]) -> Result<String, Diagnostics> {
      Result { () throws(Diagnostics) in try template.spec(changes.flatMap(\.changes)).yaml }
    }
    let (forward, backward) = (yaml(sweep.ablate), yaml(sweep.ablate.reversed()))
    if let one = try? forward.get(), let other = try? backward.get(), one == other { return [] }
    let note = "leave out together, or let each change name what no other one changes"
    for (index, change) in sweep.ablate.enumerated() {
      for other in sweep.ablate.dropFirst(index + 1) {
        let (one, two) = (yaml([change, other]), yaml([other, change]))
        if case .success(let one) = one, case .success(let two) = two, one == two { continue }
        if case .failure = one, case .failure = two {
          let message = "'\(change.name)' and '\(other.name)' cannot be made together"
          return [mistake(at: ["together"], path, message + reason(one), note)]
        }
        let message = "'\(change.name)' and '\(other.name)' together depend on their order"
        return [mistake(at: ["together"], path, message, note)]
      }
    }
    return [mistake(at: ["together"], path, "the changes cannot be made together" + reason(forward), note)]
  }

  /// As in `: generator.widths has 2 values`.
  private func reason(_ read: Result<String, Diagnostics>) -> String {
    if case .failure(let error) = read, let item = error.items.first { ": " + item.message } else { "" }
  }

  /// Which override of a change, from 0, a mistake is in; nil if it is in none.
  private func overrideNumber(in item: Diagnostic) -> Int? {
    guard let number = item.file?.split(separator: " ").last.flatMap({ Int($0) }), item.file?.hasPrefix("override ") == true else {
      return nil
    }
    let own = number - 1 - sweep.overrides.count
    return own >= 0 ? own : nil
  }

  private func mistake(
    at steps: [String], _ path: String, _ message: String, _ note: String?, _ suggestion: String? = nil
  ) -> Diagnostic {
    SweepSpec.mistake(at: steps, in: sweepText, path: path, message, note: note, suggestion: suggestion)
  }
}
