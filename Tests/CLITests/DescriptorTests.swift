import Foundation
import Testing

/// A program that is started without standard input, output or error, as some daemons do.
@Suite struct DescriptorTests {
  @Test(arguments: [">&-", "<&- >&- 2>&-", "<&- 2>&-"])
  func `lines go nowhere but into their own files`(closed: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let whole = try Program.run("run", "tiny.yaml", "--threads", "1", in: scratch)
    #expect(whole.exitCode == 0)
    #expect(try Program.shell("exec \"$FADEIN\" run tiny.yaml --threads 1 \(closed)", in: scratch).exitCode == 0)
    let names = try scratch.names(in: "runs/tiny/v001")
    #expect(try scratch.names(in: "runs/tiny/v002") == names)
    #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("runs/tiny/v002"))
    #expect(try scratch.text("runs/tiny/v002/.lock").split(separator: "\n").count <= 1)
    for name in ["events.csv", "timing.csv"] {
      func lines(_ version: String) throws -> Int { try scratch.text("runs/tiny/\(version)/\(name)").split(separator: "\n").count }
      #expect(try lines("v001") == lines("v002"), "\(name)")
    }
  }

  @Test(arguments: [
    "validate tiny.yaml", "list", "sweep tiny.sweep.yaml --workers 1", "report runs/tiny/v001 --out page.html",
    "generate tiny --count 1 --out drawn", "compare tiny --csv table.csv",
  ])
  func `no command writes its lines into a file`(command: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {seed: {values: [1, 2]}}", name: "several")
    try FileManager.default.moveItem(atPath: scratch("several.sweep.yaml"), toPath: scratch("tiny.sweep.yaml"))
    #expect(try Program.run("run", "tiny.yaml", "--threads", "1", in: scratch).exitCode == 0)
    let open = try Program.shell("exec \"$FADEIN\" \(command)", in: scratch)
    func files() throws -> Set<String> { Set(try FileManager.default.subpathsOfDirectory(atPath: scratch.path)) }
    let before = try files()
    let closed = try Program.shell("exec \"$FADEIN\" \(command) <&- >&- 2>&-", in: scratch)
    #expect(closed.exitCode == open.exitCode)
    for name in try files() where name.hasSuffix(".csv") || name.hasSuffix(".html") || name.hasSuffix(".json") {
      #expect(try !scratch.text(name).contains("finished after"), "\(name)")
    }
    #expect(try files().count >= before.count)
  }
}
