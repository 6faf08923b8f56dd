import Basics
import Foundation
import Testing

/// `data.limit`: some of the images, the same ones for every command.
@Suite struct LimitTests {
  /// The images that a list has as used.
  private func used(_ list: String, in scratch: Scratch) throws -> [String] {
    let table = try CSVTable(Array(try scratch.text(list).utf8))
    return zip(table[column: "path"]!, table[column: "used"]!).filter { $0.1 == "yes" }.map(\.0)
  }

  @Test func `a run is repeated, continued and measured with the images that were chosen`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {data.limit: {values: [4, 5]}}\nrepeats: 2")
    let run = try Program.run("run", "tiny.yaml", "data.limit=4", "--quiet", in: scratch)
    #expect(run.exitCode == 0, "\(run.errors)")
    let four = try used("runs/tiny/v001/dataset.csv", in: scratch)
    #expect(four.count == 4)
    #expect(
      try scratch.text("runs/tiny/v001/log.txt").contains("\n4 of ") || scratch.text("runs/tiny/v001/log.txt").hasPrefix("4 of "))
    for arguments in [["verify", "tiny"], ["evaluate", "tiny"]] {
      let outcome = try Program.run(arguments, in: scratch)
      #expect(outcome.exitCode == 0 && !outcome.errors.contains("other images"), "\(outcome.errors)")
    }
    let alone = try Program.run(
      "run", "tiny.yaml", "data.limit=4", "--quiet", "--threads", "1", "--no-cache", "seed=9", in: scratch)
    #expect(alone.exitCode == 0, "\(alone.errors)")
    #expect(try scratch.text("runs/tiny/v001/dataset.csv") == scratch.text("runs/tiny/v002/dataset.csv"))
    let sweep = try Program.run("sweep", "tiny.sweep.yaml", "--quiet", "--new", in: scratch, timeoutSeconds: 300)
    #expect(sweep.exitCode == 0, "\(sweep.errors)")
    let lists = try scratch.names(in: "runs/tiny/v003/images").map { try used("runs/tiny/v003/images/\($0)", in: scratch) }
    #expect(Set(lists.map(\.count)) == [4, 5] && lists.contains(four))
    let many = try Program.run("run", "tiny.yaml", "data.limit=5000", "--quiet", in: scratch)
    #expect(many.exitCode == 65 && many.errors.contains("data.limit is 5000"), "\(many.errors)")
  }
}
