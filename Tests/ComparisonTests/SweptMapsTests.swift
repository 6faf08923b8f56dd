import Basics
import Runs
import Testing

@testable import Comparison

/// A map that a sweep changes as a whole is one setting.
@Suite struct SweptMapsTests {
  let maker: RunMaker
  init() throws { maker = try RunMaker() }

  /// A trial of the sweep `name`, whose resolved spec says this of images.
  private func trial(_ number: Int, of name: String, _ data: String, seed: UInt64 = 0) throws {
    let path = "\(name)/v001/trials/t000\(number)"
    let run = try maker.run(path, seed: seed, spec: data)
    var manifest = try Manifest(run, maker.files)
    manifest.sweep = "\(name)/v001"
    try manifest.write(to: run, maker.files)
  }

  private static let flip = "{horizontal_flip: {probability: 0.5}}"
  private static let both = "{contrast: {factor: [1, 2], probability: 0.5}, horizontal_flip: {probability: 0.5}}"

  private func table(_ rows: [(String, UInt64)], path: String = "data.augment") -> String {
    "trial,status,point,repeat,seed,\(path),objective,iterations,failures,directory,detail\n"
      + rows.enumerated().map { index, row in
        "\(index + 1),finished,\(index + 1),1,\(row.1),\"\(row.0)\",,10,0,trials/t000\(index + 1),\n"
      }.joined()
  }

  /// Three values, the second with two seeds; and a run that is no trial.
  private func makeSweep() throws {
    let rows: [(String, String, UInt64)] = [
      ("{}", "{}", 0), ("{horizontal_flip: {}}", Self.flip, 0), ("{horizontal_flip: {}}", Self.flip, 1),
      ("{contrast: {}, horizontal_flip: {}}", Self.both, 0),
    ]
    for (index, row) in rows.enumerated() { try trial(index + 1, of: "maps", "data: {fit: crop, augment: \(row.1)}", seed: row.2) }
    try maker.write("x", to: "maps/v001/sweep.yaml")
    try maker.write(table(rows.map { ($0.0, $0.2) }), to: "maps/v001/trials.csv")
    try maker.run("alone/v001", spec: "data: {fit: crop, augment: \(Self.flip)}")
  }

  @Test func `it is one column, called as the sweep file has it`() throws {
    try makeSweep()
    let runs = try maker.read().runs
    let columns = ColumnIndex(runs)
    #expect(columns.settings == ["version", "name", "seed", "data.fit", "data.augment"])
    #expect(columns.changed == ["seed", "data.augment"])
    #expect(
      runs.map { $0.settings["data.augment"] } == [
        "{horizontal_flip: {}}", "{}", "{horizontal_flip: {}}", "{horizontal_flip: {}}", "{contrast: {}, horizontal_flip: {}}",
      ])
    #expect(RunGroup.groups(Array(runs.dropFirst())).groups.map(\.members) == [[0], [1, 2], [3]])
  }

  @Test func `texts that find no room leave the maps apart, and the table is named`() throws {
    try makeSweep()
    // As they are read, before maps are folded.
    let runs = try RunSelection(["maps", "alone"], in: maker.path, maker.files).runs.map { run in
      try ComparedRun(run, name: run.path, maker.files)
    }
    let maps = SweptMaps(runs, RetainedText(most: 100), maker.files)
    #expect(maps.skipped == [.init(path: maker("maps/v001/trials.csv"), reason: RetainedText.Full().description)])
    #expect(maps.folded(runs).map(\.settings) == runs.map(\.settings))
    #expect(SweptMaps(runs, RetainedText(most: 1000), maker.files).skipped.isEmpty)
  }

  @Test func `runs of no sweep keep the settings below`() throws {
    try makeSweep()
    let runs = try maker.read("alone").runs
    #expect(runs[0].settings["data.augment.horizontal_flip.probability"] == "0.5" && runs[0].settings["data.augment"] == nil)
  }

  @Test func `a text that stands for two values says nothing, and is not used`() throws {
    try trial(1, of: "lies", "data: {augment: {}}")
    try trial(2, of: "lies", "data: {augment: \(Self.flip)}")
    try maker.write("x", to: "lies/v001/sweep.yaml")
    try maker.write(table([("{}", 0), ("{}", 0)]), to: "lies/v001/trials.csv")
    #expect(try maker.read("lies").runs.map { $0.settings["data.augment"] } == ["{}", Self.flip])
  }

  @Test(arguments: [
    "", "nonsense", "trial,repeat,objective\n1,1,1\n", "trial,objective,a,repeat\n", "\u{0}\u{1}", "trial,repeat,,objective\n",
  ])
  func `a table that is none changes nothing`(text: String) throws {
    try trial(1, of: "odd", "data: {augment: \(Self.both)}")
    try maker.write("x", to: "odd/v001/sweep.yaml")
    try maker.write(text, to: "odd/v001/trials.csv")
    #expect(try maker.read("odd").runs[0].settings["data.augment.contrast.factor"] == "[1, 2]")
  }

  @Test func `a list of maps is one setting, too`() throws {
    let phases = ["[{resolution: 4, hold: 2}]", "[{resolution: 4, hold: 2}, {resolution: 8, fade: 3}]"]
    for (index, text) in phases.enumerated() { try trial(index + 1, of: "lists", "schedule: {batch: 4, phases: \(text)}") }
    try maker.write("x", to: "lists/v001/sweep.yaml")
    try maker.write(table([("[a]", 0), ("[b]", 0)], path: "schedule.phases"), to: "lists/v001/trials.csv")
    let runs = try maker.read("lists").runs
    #expect(runs.map { $0.settings["schedule.phases"] } == ["[a]", "[b]"])
    #expect(ColumnIndex(runs).changed == ["schedule.phases"])
    try maker.write(table([("[a]", 0), ("[a]", 0)], path: "schedule.phases"), to: "lists/v001/trials.csv")
    #expect(try maker.read("lists").runs.map { $0.settings["schedule.phases"] } == phases)
  }
}
