import ArgumentParser
import Basics
import Foundation
import Graph
import Kernels
import Models
import Runs
import Spec
import Training

/// `fadein plan`: what a run would do, without doing it.
struct PlanCommand: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows what a run would do: phases, parameters, work, memory, time.",
    discussion: "Compiles every phase and times a few iterations of each on random images; no image is read and nothing is written."
  )

  @OptionGroup var arguments: SpecArguments

  @Flag(inversion: .prefixedNo, help: "Time iterations for the estimate.")
  var timing = true

  @Flag(inversion: .prefixedNo, help: "List the layers of both networks at the last phase's resolution.")
  var layers = true

  @Flag(help: "Print the spec with every default, recipe and override written out, as a run would keep it, and nothing else.")
  var resolved = false

  @Flag(help: "One JSON object a phase.")
  var json = false

  var printsJSON: Bool { json }

  @Option(help: ArgumentHelp("Write the compiled graph of the last phase for Graphviz.", valueName: "file.dot"))
  var graph: String?

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var output: OutputArguments

  /// What a drawn graph begins with.
  static let beginning = "// Written by fadein plan --graph.\n"

  func validate() throws {
    if resolved && (json || graph != nil) { throw ValidationError("--resolved prints the spec and nothing else") }
  }

  mutating func execute() throws {
    if let graph { try output.files().check([graph], .graph) }
    let spec = try arguments.read(checkingFiles: false)
    if resolved { return print(spec.yaml, terminator: "") }
    let schedule = Schedule(spec)
    let lanes = timing ? threads.lanes : Lanes(count: 1)
    var drawn: TrainingState?
    // Drawn when a phase is timed, and not before it is known to fit into memory.
    func state() -> TrainingState {
      if drawn == nil { drawn = TrainingState(spec) }
      return drawn!
    }
    var forecasts: [PhaseForecast] = []
    for phase in schedule.phases {
      let forecast = try PhaseForecast(phase, spec, state: state(), lanes: lanes, threads: threads.count, timing: timing)
      forecasts.append(forecast)
      if json { print(try line(forecast, schedule, spec)) }
    }
    if !json { show(forecasts, schedule, spec) }
    if let obstacle = forecasts.compactMap(\.obstacle).first {
      Console.tell(
        Diagnostics([Diagnostic("\(obstacle); what does not fit is not timed", severity: .warning)])
      )
    }
    if let graph {
      let memory = TrainingMemory(spec, threads: threads.count)
      guard memory.isCompilable(schedule.phases.last!) else { throw memory.uncompilable("the graph", memory.generousTraining) }
      try writeGraph(spec, schedule, to: graph)
    }
  }

  private func show(_ forecasts: [PhaseForecast], _ schedule: Schedule, _ spec: ExperimentSpec) {
    let last = forecasts.last!
    print(
      "\(spec.name): \(schedule.iterations) iterations, \(schedule.moment(schedule.iterations)!.images) images shown, seed \(spec.seed)"
    )
    print(
      "parameters: generator \(Self.grouped(last.generatorParameters)), discriminator \(Self.grouped(last.discriminatorParameters))\n"
    )
    if layers { for network in NetworkRole.allCases { show(network, spec) } }
    let ranks = ["alpha": 3, "images": 4, "rate": 2, "parameters G": 5, "parameters D": 5, "GFLOP/it": 6, "batch": 1]
    var table = Table(
      [
        "phase", "resolution", "alpha", "iterations", "images", "batch", "rate", "parameters G", "parameters D", "GFLOP/it",
        "memory",
        "ms/it", "time",
      ].map { Table.Column($0, .right, rank: ranks[$0] ?? 0) })
    for forecast in forecasts {
      let phase = forecast.phase
      let moment = schedule.moment(phase.firstIteration)!
      let end = schedule.moment(phase.lastIteration)!
      let rates = [moment, end].map { schedule.rate(spec.optimizer[.generator].rate, at: $0) }
      let seconds = [forecast.fadeSeconds, forecast.holdSeconds].compactMap { $0 }.map { String(format: "%.1f", 1e3 * $0) }
      table.append([
        "\(phase.number)", "\(phase.resolution)x\(phase.resolution)",
        phase.fade == 0 ? "1" : "0..1" + (phase.hold > 0 ? ", 1" : ""),
        "\(phase.firstIteration)-\(phase.lastIteration)", "\(phase.length * phase.imagesPerIteration)", "\(phase.batch)",
        rates[0] == rates[1] ? Self.short(rates[0]) : "\(Self.short(rates[0])) -> \(Self.short(rates[1]))",
        Self.grouped(forecast.generatorParameters), Self.grouped(forecast.discriminatorParameters),
        String(format: "%.1f", forecast.flops * 1e-9), "\(forecast.memory / 1_000_000) MB",
        seconds.isEmpty ? "-" : seconds.joined(separator: ", "),
        seconds.isEmpty ? "-" : ProgressObserver.duration(forecast.seconds),
      ])
    }
    Console.show(table, else: "--json")
    for line in rateLines(spec, schedule) { print(line) }
    if timing, forecasts.allSatisfy({ $0.obstacle == nil }) {
      print("\ntotal: about \(ProgressObserver.duration(forecasts.reduce(0) { $0 + $1.seconds })) on \(threads.count) threads")
    }
  }

  /// A line for each layer of a network.
  private func show(_ network: NetworkRole, _ spec: ExperimentSpec) {
    let level = Schedule(spec).phases.last?.level ?? 0
    var table = Table([
      Table.Column("\(network)"), Table.Column("layer"), Table.Column("leaves", .right), Table.Column("parameters", .right),
      Table.Column("MFLOP/image", .right),
    ])
    for row in Networks(spec).ladder(of: network, level: level) {
      table.append([
        row.name, row.kind, "\(row.features.channels)x\(row.features.side)x\(row.features.side)",
        row.parameters == 0 ? "" : Self.grouped(row.parameters), row.flops == 0 ? "" : String(format: "%.1f", row.flops * 1e-6),
      ])
    }
    Console.show(table, else: "--json")
    print("")
  }

  private func line(_ forecast: PhaseForecast, _ schedule: Schedule, _ spec: ExperimentSpec) throws -> String {
    struct Line: Encodable {
      let phase, resolution, fade, hold, firstIteration, lastIteration, images, batch: Int
      let generatorParameters, discriminatorParameters: Int
      let rate, gflop, memoryMb: Double
      let fadeMs, holdMs, seconds: Double?
    }
    let phase = forecast.phase
    return try JSONLine.text(
      Line(
        phase: phase.number, resolution: phase.resolution, fade: phase.fade, hold: phase.hold,
        firstIteration: phase.firstIteration, lastIteration: phase.lastIteration, images: phase.length * phase.imagesPerIteration,
        batch: phase.batch, generatorParameters: forecast.generatorParameters,
        discriminatorParameters: forecast.discriminatorParameters,
        rate: schedule.rate(spec.optimizer[.generator].rate, at: schedule.moment(phase.firstIteration)!),
        gflop: forecast.flops * 1e-9, memoryMb: Double(forecast.memory) * 1e-6,
        fadeMs: forecast.fadeSeconds.map { 1e3 * $0 }, holdMs: forecast.holdSeconds.map { 1e3 * $0 },
        seconds: timing && forecast.obstacle == nil ? forecast.seconds : nil))
  }

  private func writeGraph(_ spec: ExperimentSpec, _ schedule: Schedule, to path: String) throws {
    let phase = schedule.phases.last!
    let training = TrainingGraph(spec, level: phase.level, batch: phase.batch, fading: phase.fade > 0)
    let plans = Array(zip(training.steps.map(\.name), try training.plans()))
    try output.files().write(Self.beginning + PlanDrawing.dot(plans), to: path, .graph)
    if !json { print("\ngraph: \(path)") }
  }

  /// A number with three digits, as in `6.4e-07`.
  private static func short(_ number: Double) -> String { String(format: "%.3g", number) }

  /// How the rates of both networks move over the training, phases apart; nothing where they do not.
  private func rateLines(_ spec: ExperimentSpec, _ schedule: Schedule) -> [String] {
    let bars = Array("▁▂▃▄▅▆▇█"), columns = 60
    let lines = NetworkRole.allCases.map { network -> String? in
      let rates = schedule.phases.map { phase -> [Double] in
        let count = max(1, min(phase.length, columns * phase.length / schedule.iterations))
        return (0..<count).map { place in
          let iteration = count == 1 ? phase.lastIteration : phase.firstIteration + place * (phase.length - 1) / (count - 1)
          return schedule.rate(spec.optimizer[network].rate, at: schedule.moment(iteration)!)
        }
      }
      guard let highest = rates.joined().max(), let lowest = rates.joined().min(), lowest < highest else { return nil }
      let drawn = rates.map { String($0.map { bars[min(7, Int(8 * $0 / highest))] }) }.joined(separator: "|")
      return "rate, \(network): \(drawn)  at most \(Self.short(highest))"
    }
    let known = lines.compactMap { $0 }
    let isSame = known.count == 2 && spec.optimizer[.generator].rate == spec.optimizer[.discriminator].rate
    return (known.isEmpty ? [] : [""]) + (isSame ? [known[0].replacing("rate, generator", with: "rate")] : known)
  }

  /// `6562497` as `6,562,497`.
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return String(digits.indices.flatMap { i in (i > 0 && (digits.count - i) % 3 == 0 ? [","] : []) + [digits[i]] })
  }
}
