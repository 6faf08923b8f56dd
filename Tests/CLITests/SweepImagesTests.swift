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
