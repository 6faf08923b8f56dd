import Foundation
import Models
import Testing

@testable import Spec
@testable import Training

@Suite struct ScheduleTests {
  /// `experiments/mel-icon.yaml`.
  private func melIcon() throws -> ExperimentSpec {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appending(path: "experiments/mel-icon.yaml").path
    return try ExperimentSpec.read(path: path, language: .experiments, checkingFiles: false)
  }

  /// Iteration, resolution, how many 7500ths have faded in, iteration in the phase, images.
  static let table: [(Int, Int, Int, Int, Int)] = [
    (1, 4, 7500, 1, 8), (7500, 4, 7500, 7500, 60_000), (7501, 8, 1, 1, 60_008), (11_250, 8, 3750, 3750, 90_000),
    (15_000, 8, 7500, 7500, 120_000), (15_001, 16, 1, 1, 120_008), (45_001, 256, 1, 1, 360_008),
    (52_499, 256, 7499, 7499, 419_992), (52_500, 256, 7500, 7500, 420_000), (52_501, 256, 7500, 7501, 420_008),
    (60_000, 256, 7500, 15_000, 480_000),
  ]

  @Test(arguments: table)
  func `the icon experiment's iterations have the resolutions and alphas of its table`(
    iteration: Int, resolution: Int, faded: Int, inPhase: Int, images: Int
  ) throws {
    let schedule = Schedule(try melIcon())
    let moment = try #require(schedule.moment(iteration))
    #expect(moment.iteration == iteration && moment.phase.resolution == resolution && 4 << moment.phase.level == resolution)
    #expect(moment.alpha == Double(faded) / 7500 && moment.iterationInPhase == inPhase && moment.images == images)
    #expect(moment.isFading == (iteration > 7500 && iteration <= 52_500))
  }

  @Test func `nothing is before the first iteration or after the last`() throws {
    let schedule = Schedule(try melIcon())
    #expect(schedule.iterations == 60_000 && schedule.phases.count == 7)
    for iteration in [-1, 0, 60_001, .max] { #expect(schedule.moment(iteration) == nil, "\(iteration)") }
  }

  @Test func `phases follow each other without gaps`() throws {
    let phases = Schedule(try melIcon()).phases
    #expect(phases[0].firstIteration == 1 && phases[0].imagesBefore == 0)
    for (phase, next) in zip(phases, phases.dropFirst()) {
      #expect(next.firstIteration == phase.lastIteration + 1 && next.number == phase.number + 1)
      #expect(next.imagesBefore == phase.imagesBefore + phase.length * phase.batch)
    }
  }

  @Test func `the rate drops before iteration 56,251`() throws {
    let schedule = Schedule(try melIcon())
    for (iteration, rate) in [(1, 5e-4), (45_001, 5e-4), (56_250, 5e-4), (56_251, 1e-4), (60_000, 1e-4)] {
      #expect(schedule.rate(5e-4, at: schedule.moment(iteration)!) == rate, "\(iteration)")
    }
    let drops = [56_249, 56_250, 56_251, 56_252].map { schedule.drop(beginningAt: schedule.moment($0)!)?.rate }
    #expect(drops == [nil, nil, 1e-4, nil])
  }

  @Test func `the latest drop counts, whatever their order`() throws {
    var spec = try melIcon()
    spec.optimizer.drops = [
      RateDropSpec(resolution: 16, after: 100, rate: 1e-5), RateDropSpec(resolution: 8, after: 0, rate: 1e-4),
      RateDropSpec(resolution: 512, after: 0, rate: 1),
    ]
    let schedule = Schedule(spec)
    for (iteration, rate) in [(7500, 5e-4), (7501, 1e-4), (15_100, 1e-4), (15_101, 1e-5), (60_000, 1e-5)] {
      #expect(schedule.rate(5e-4, at: schedule.moment(iteration)!) == rate, "\(iteration)")
    }
  }

  @Test func `thousands of images become iterations of the phase's batch`() throws {
    let text = """
      version: 2
      name: lengths
      data: {folder: icons}
      generator: {latent: 4, widths: [4, 4]}
      discriminator: {top: 4, widths: [4, 4]}
      schedule:
        batch: 8
        phases:
          - {resolution: 4, hold: 2kimg}
          - {resolution: 8, fade: 1kimg, hold: 3, batch: 4}
      loss:
        generator: {wasserstein: {}}
        discriminator: {wasserstein: {}}
      """
    let schedule = Schedule(try ExperimentSpec.read(text: text, path: "/tmp/lengths.yaml", language: .experiments))
    #expect(schedule.phases.map(\.hold) == [250, 3] && schedule.phases.map(\.fade) == [0, 250])
    #expect(schedule.phases.map(\.batch) == [8, 4] && schedule.iterations == 503)
    #expect(schedule.moment(250)?.images == 2000 && schedule.moment(251)?.images == 2004 && schedule.moment(503)?.images == 3012)
    #expect(schedule.moment(500)?.isFading == true && schedule.moment(501)?.isFading == false)
  }
}
