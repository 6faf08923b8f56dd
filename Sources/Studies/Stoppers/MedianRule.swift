import Spec

/// Stops a trial that is worse than the median of the finished trials at the same place (Golovin et al. 2017, "Google Vizier").
package struct MedianRule: Stopper {
  package static let declaration = MethodDeclaration(
    name: "median", doc: "At the end of each phase, a trial goes on unless it is worse than the median of those that finished",
    settings: [
      MethodSetting(key: "startup", doc: "Finished trials before any is stopped", range: 1...SweepSpec.mostTrials, default: 5)
    ], needsObjective: true)

  private let startup: Int

  package init(_ settings: MethodSpec) { startup = settings["startup"] }

  package func goesOn(_ value: Double, after others: [RungReport]) -> Bool {
    let finished = others.filter(\.isFinished).map(\.value).sorted()
    guard finished.count >= startup else { return true }
    let middle = finished.count / 2
    let median = finished.count % 2 == 1 ? finished[middle] : (finished[middle - 1] + finished[middle]) / 2
    return RungReport(value).value <= median
  }
}
