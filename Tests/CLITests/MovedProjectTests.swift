import Foundation
import Testing

/// A project that is moved as a whole, its images with its runs.
@Suite struct MovedProjectTests {
  @Test(arguments: ["run.json", nil]) func `a run goes on where its project is now, with the images that it had`(other: String?)
    throws
  {
    let (scratch, whole) = (try Scratch(), try Scratch())
    for scratch in [scratch, whole] {
      try scratch.writeTinyExperiment()
      try FileManager.default.createDirectory(atPath: scratch("project"), withIntermediateDirectories: true)
      for name in ["tiny.yaml", "icons"] {
        try FileManager.default.moveItem(atPath: scratch(name), toPath: scratch("project/" + name))
      }
    }
    let runs = ["--runs", "project/runs", "--quiet"]
    #expect(try Program.run(["run", "project/tiny.yaml"] + runs, in: whole).exitCode == 0)
    #expect(try Program.run(["run", "project/tiny.yaml", "--stop-after", "6"] + runs, in: scratch).exitCode == 0)
    try FileManager.default.createDirectory(atPath: scratch("elsewhere"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: scratch("project"), toPath: scratch("elsewhere/project"))
    if other != nil {
      // Other images under the same names are not taken for them.
      try FileManager.default.removeItem(atPath: scratch("elsewhere/project/icons/1.png"))
      let refused = try Program.run("resume", "elsewhere/project/runs/tiny/v001", in: scratch)
      #expect(refused.exitCode == 65 && refused.errors.contains("1.png is missing"), "\(refused.errors)")
      return
    }
    let resumed = try Program.run("resume", "elsewhere/project/runs/tiny/v001", in: scratch)
    #expect(
      resumed.exitCode == 0 && resumed.output.contains("are now in '\(scratch("elsewhere/project/icons"))'"), "\(resumed.errors)")
    for name in ["metrics.csv", "evaluations.csv", "generator.safetensors", "dataset.csv"] {
      let files = [whole("project/runs/tiny/v001/" + name), scratch("elsewhere/project/runs/tiny/v001/" + name)]
      #expect(FileManager.default.contentsEqual(atPath: files[0], andPath: files[1]), "\(name)")
    }
    let drawn = try Program.run("generate", "elsewhere/project/runs/tiny/v001", "--out", "elsewhere/project/icons", in: scratch)
    #expect(drawn.exitCode == 73 && drawn.errors.contains("training images"), "\(drawn.errors)")
    for command in [["verify", "elsewhere/project/runs/tiny/v001"], ["evaluate", "elsewhere/project/runs/tiny/v001"]] {
      let outcome = try Program.run(command, in: scratch)
      #expect(outcome.exitCode == 0, "\(command) \(outcome.errors)")
    }
  }
}
