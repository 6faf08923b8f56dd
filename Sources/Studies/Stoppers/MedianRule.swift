import Spec

/// Stops a trial that is worse than the median of the finished trials at the same place (Golovin et al. 2017, "Google Vizier").
package struct MedianRule: Stopper {
  package struct Settings: Equatable, Sendable {
    package var startup: Int
    package init(startup: Int = 5) { self.startup = startup }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "median", "At the end of each phase, a trial goes on unless it is worse than the median of those that finished", Settings(),
      Field("startup", \.startup, .integer(1...SweepSpec.mostTrials), "Finished trials before any is stopped"))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func goesOn(_ value: Double, after others: [RungReport]) -> Bool {
    let finished = others.filter(\.isFinished).map(\.value).sorted()
    guard finished.count >= settings.startup else { return true }
    let middle = finished.count / 2
    let median = finished.count % 2 == 1 ? finished[middle] : (finished[middle - 1] + finished[middle]) / 2
    return RungReport(value).value <= median
  }
}
