import Basics
import Foundation
import Testing

/// The images of a sweep are the same from its beginning to its end.
@Suite struct SweepImagesTests {
  private static let grid = """
    parameters: {optimizer.adam.rate: {values: [1e-4, 1e-3]}}
    overrides: ["schedule.phases=[{resolution: 4, hold: 3}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4, record.evaluate.every=0]
    objective: {metric: loss.discriminator}
    """
  private static let shared = """
    parameters: {schedule.phases.1.hold: {values: [4, 5]}}
    overrides: [record.evaluate.every=0]
    """

  private func sweep(_ scratch: Scratch, _ more: String...) throws -> Program.Outcome {
    try Program.run(["sweep", "tiny.sweep.yaml", "--quiet", "--threads", "1"] + more, in: scratch)
  }

  private func hashes(_ scratch: Scratch, _ sweep: String = "runs/tiny/v001") throws -> Set<String> {
    let runs = try ["trials", "prefixes"].flatMap { folder in
      try scratch.names(in: "\(sweep)/\(folder)").filter { !$0.contains(".") }.map { "\(sweep)/\(folder)/\($0)" }
    }
    return Set(
      try runs.map { run in
        try scratch.text(run + "/run.json").split(separator: "\n").first { $0.contains("dataset_hash") }.map(String.init) ?? ""
      })
  }

  /// What somebody does to the images, and how it is told.
  private static let changes: [(change: @Sendable (Scratch) throws -> Void, words: String)] = [
    ({ try FileManager.default.copyItem(atPath: $0("icons/1.png"), toPath: $0("icons/new.png")) }, "image new.png is new"),
    ({ try FileManager.default.removeItem(atPath: $0("icons/1.png")) }, "image 1.png is missing"),
    ({ try FileManager.default.moveItem(atPath: $0("icons/1.png"), toPath: $0("icons/2.png.png")) }, "image 2.png.png is new"),
    (
      { scratch in
        try FileManager.default.removeItem(atPath: scratch("icons/1.png"))
        try FileManager.default.copyItem(atPath: scratch("icons/2.png"), toPath: scratch("icons/1.png"))
      }, "image 1.png has changed"
    ),
  ]

  @Test(arguments: changes.indices)
  func `a sweep does not go on with other images, and names them`(change: Int) throws {
    let text = change == 0 ? Self.shared : Self.grid
    let scratch = try Scratch()
    try scratch.writeTinySweep(text)
    #expect(try sweep(scratch).exitCode == 0)
    let before = try scratch.text("runs/tiny/v001/trials.csv")
    try Self.changes[change].change(scratch)
    try scratch.writeSweep(text.replacing("1e-3]", with: "1e-3, 2e-3]").replacing("4, 5]", with: "4, 5, 6]"))
    let refused = try sweep(scratch)
    #expect(refused.exitCode == 65 && refused.errors.contains(Self.changes[change].words), "\(refused.errors)")
    #expect(refused.errors.contains("images of 'runs/tiny/v001' have changed"), "\(refused.errors)")
    #expect(try scratch.text("runs/tiny/v001/trials.csv") == before && hashes(scratch).count == 1)
    #expect(try scratch.names(in: "runs/tiny").filter { $0.hasPrefix("v") } == ["v001"])
    guard change == 0 else { return }
    #expect(try Program.run("sweep", "retry", "tiny", "--failed", in: scratch).exitCode == 65)
    let anew = try sweep(scratch, "--new")
    #expect(anew.exitCode == 0, "\(anew.errors)")
    #expect(try hashes(scratch, "runs/tiny/v002").count == 1)
  }

  @Test(arguments: [grid, shared]) func `a worker refuses other images, and its trial waits for the right ones`(text: String) throws
  {
    let scratch = try Scratch()
    try scratch.writeTinySweep(text)
    // Begun, and nothing is trained.
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    #expect(try Program.run("sweep", "work", "runs/tiny/v001", "--trial", "1", in: scratch).exitCode == 0)
    try FileManager.default.moveItem(atPath: scratch("icons/1.png"), toPath: scratch("gone.png"))
    let refused = try Program.run("sweep", "work", "runs/tiny/v001", in: scratch)
    #expect(refused.exitCode == 65 && refused.errors.contains("image 1.png is missing"), "\(refused.errors)")
    #expect(try scratch.trials().map { $0["status"]! + $0["failures"]! } == ["finished0", "waiting0"])
    try FileManager.default.moveItem(atPath: scratch("gone.png"), toPath: scratch("icons/1.png"))
    #expect(try sweep(scratch).exitCode == 0)
    #expect(try scratch.trials().allSatisfy { $0["status"] == "finished" } && hashes(scratch).count == 1)
  }

  @Test(arguments: [grid, shared]) func `a project that was moved goes on with its sweep`(text: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(text)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    #expect(try Program.run("sweep", "work", "runs/tiny/v001", "--trial", "1", in: scratch).exitCode == 0)
    let first = try scratch.text("runs/tiny/v001/trials/t0001/run.json")
    for name in try scratch.names() {
      try FileManager.default.createDirectory(atPath: scratch("moved/to"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: scratch(name), toPath: scratch("moved/to/" + name))
    }
    let moved = try Program.run(
      "sweep", "moved/to/tiny.sweep.yaml", "--runs", "moved/to/runs", "--quiet", in: scratch)
    #expect((moved.exitCode, moved.errors) == (0, ""))
    #expect(try scratch.trials("moved/to/runs/tiny/v001").allSatisfy { $0["status"] == "finished" })
    #expect(try scratch.text("moved/to/runs/tiny/v001/trials/t0001/run.json") == first)
    #expect(try scratch.names(in: "moved/to/runs/tiny").filter { $0.hasPrefix("v") } == ["v001"])
    // The same images in a folder of another name are the same too; other images there begin anew.
    try FileManager.default.moveItem(atPath: scratch("moved/to/icons"), toPath: scratch("pictures"))
    try scratch.write(Scratch.tinySpec.replacing("folder: icons", with: "folder: \(scratch("pictures"))"), to: "moved/to/tiny.yaml")
    func again() throws -> Program.Outcome {
      try Program.run("sweep", "moved/to/tiny.sweep.yaml", "--runs", "moved/to/runs", in: scratch)
    }
    #expect(try again().output.contains("is finished: there is nothing to run"))
    try FileManager.default.copyItem(atPath: scratch("pictures"), toPath: scratch("others"))
    try FileManager.default.removeItem(atPath: scratch("others/1.png"))
    try scratch.write(Scratch.tinySpec.replacing("folder: icons", with: "folder: \(scratch("others"))"), to: "moved/to/tiny.yaml")
    let anew = try again()
    #expect(anew.exitCode == 0 && anew.errors.contains("the images in another folder"), "\(anew.errors)")
    #expect(try scratch.trials("moved/to/runs/tiny/v002").allSatisfy { $0["status"] == "finished" })
  }

  /// What somebody does to the list of images of a sweep.
  private static let lists: [@Sendable (_ path: String) throws -> Void] = [
    { try FileManager.default.removeItem(atPath: $0) },
    { try FileManager.default.removeItem(atPath: ($0 as NSString).deletingLastPathComponent) },
    { path in
      // The entry of one image is given to another, as the folder has it.
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
      let other = try #require(lines.first { $0.hasPrefix("2.png,") })
      let forged = lines.map { $0.hasPrefix("1.png,") ? "1" + other.dropFirst() : $0 }
      try (forged.joined(separator: "\n") + "\n").write(toFile: path, atomically: false, encoding: .utf8)
    },
  ]

  @Test(arguments: lists.indices, [false, true])
  func `a list of images that is not that of the beginning is refused or written again`(deed: Int, hasRun: Bool) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    if hasRun { #expect(try Program.run("sweep", "work", "runs/tiny/v001", "--trial", "1", in: scratch).exitCode == 0) }
    let list = "runs/tiny/v001/images/" + (try #require(try scratch.names(in: "runs/tiny/v001/images").first))
    let (before, table) = (try scratch.text(list), try scratch.text("runs/tiny/v001/trials.csv"))
    let image = try Data(contentsOf: URL(filePath: scratch("icons/1.png")))
    try FileManager.default.removeItem(atPath: scratch("icons/1.png"))
    try FileManager.default.copyItem(atPath: scratch("icons/2.png"), toPath: scratch("icons/1.png"))
    try Self.lists[deed](scratch(list))
    for command in [["work", "runs/tiny/v001", "--trial", "2"], ["tiny.sweep.yaml"], ["work", "runs/tiny/v001"]] {
      let refused = try Program.run(["sweep"] + command, in: scratch)
      #expect(refused.exitCode == 65, "\(refused.output) \(refused.errors)")
      #expect(refused.errors.contains("image 1.png has changed") || refused.errors.contains("'\(list)' is "), "\(refused.errors)")
      #expect(try scratch.text("runs/tiny/v001/trials.csv") == table)
    }
    try image.write(to: URL(filePath: scratch("icons/1.png")))
    let again = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(try scratch.text(list) == before && scratch.trials().allSatisfy { $0["status"] == "finished" })
    #expect(try hashes(scratch).count == 1)
  }

  @Test func `a trial that was begun with other images than are listed waits`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    #expect(try Program.run("sweep", "work", "runs/tiny/v001", "--trial", "1", in: scratch).exitCode == 0)
    // As of a version that knew no digests of lists.
    let sweep = "runs/tiny/v001"
    let list = sweep + "/images/" + (try #require(try scratch.names(in: sweep + "/images").first))
    let lines = try scratch.text(sweep + "/sweep.json").split(separator: "\n").filter { !$0.contains("images/") }
    let manifest = lines.joined(separator: "\n").replacing(/,(\s*\})/) { "\($0.1)" }
    try scratch.write(manifest + "\n", to: sweep + "/sweep.json")
    try FileManager.default.removeItem(atPath: scratch("icons/1.png"))
    try FileManager.default.copyItem(atPath: scratch("icons/2.png"), toPath: scratch("icons/1.png"))
    try Self.lists[2](scratch(list))
    let refused = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect(refused.exitCode == 65 && refused.errors.contains("was trained on other images"), "\(refused.output) \(refused.errors)")
    // The same of one under way.
    let table = try scratch.text(sweep + "/trials.csv").replacing("1,finished,", with: "1,waiting,")
    try scratch.write(table, to: sweep + "/trials.csv")
    let worker = try Program.run("sweep", "work", sweep, "--trial", "1", in: scratch)
    #expect(worker.exitCode == 65 && worker.errors.contains("was trained on other images"), "\(worker.errors)")
    #expect(try scratch.text(sweep + "/trials.csv") == table)
  }

  @Test func `a row that tells of a trial without a run is noticed`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    #expect(try Program.run("sweep", "work", "runs/tiny/v001", "--trial", "1", in: scratch).exitCode == 0)
    let table = try scratch.text("runs/tiny/v001/trials.csv")
    for status in ["finished", "stopped"] {
      try scratch.write(table.replacing("2,waiting,", with: "2,\(status),"), to: "runs/tiny/v001/trials.csv")
      let refused = try sweep(scratch)
      #expect(refused.exitCode == 65 && refused.errors.contains("says that trial 2 is \(status), and"), "\(refused.errors)")
    }
    try scratch.write(table, to: "runs/tiny/v001/trials.csv")
    #expect(try sweep(scratch).exitCode == 0)
  }

  @Test func `images that more trials use are fixed when the sweep is extended`() throws {
    let scratch = try Scratch()
    let text = Self.grid.replacing("optimizer.adam.rate: {values: [1e-4, 1e-3]}", with: "data.exclude: {values: [[], [0.png]]}")
    try scratch.writeTinySweep(text)
    #expect(try sweep(scratch).exitCode == 0)
    try scratch.writeSweep(text.replacing("[0.png]]", with: "[0.png], [1.png]]"))
    #expect(try sweep(scratch).exitCode == 0)
    let manifest = try scratch.text("runs/tiny/v001/sweep.json")
    let lists = try scratch.names(in: "runs/tiny/v001/images")
    #expect(lists.count == 3 && lists.allSatisfy { manifest.contains("\"images/\($0)\"") }, "\(manifest)")
    #expect(try hashes(scratch).count == 3)
  }

  @Test func `trials that differ in their folder have their own images each, and these are fixed`() throws {
    let scratch = try Scratch()
    let text = Self.grid.replacing("optimizer.adam.rate: {values: [1e-4, 1e-3]}", with: "data.folder: {values: [icons, more]}")
    try scratch.writeTinySweep(text)
    try FileManager.default.copyItem(atPath: scratch("icons"), toPath: scratch("more"))
    try FileManager.default.removeItem(atPath: scratch("more/0.png"))
    #expect(try sweep(scratch).exitCode == 0)
    #expect(try hashes(scratch).count == 2 && scratch.names(in: "runs/tiny/v001/images").count == 2)
    try FileManager.default.removeItem(atPath: scratch("more/1.png"))
    try scratch.writeSweep(text + "\nrepeats: 2")
    let refused = try sweep(scratch)
    #expect(refused.exitCode == 65 && refused.errors.contains("image 1.png is missing"), "\(refused.errors)")
  }
}

extension Scratch {
  /// Writes `tiny.sweep.yaml` anew with these lines.
  fileprivate func writeSweep(_ lines: String) throws {
    try write("version: 1\nname: tiny\nexperiment: tiny.yaml\n" + lines + "\n", to: "tiny.sweep.yaml")
  }
}
