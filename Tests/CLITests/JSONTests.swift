import Foundation
import Runs
import Testing

/// What `--json` prints: an object a line and nothing else, when something is wrong as well.
@Suite struct JSONTests {
  private func objects(_ outcome: Program.Outcome) throws -> [[String: Any]] {
    try outcome.lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)") }
  }

  private func trained() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    for arguments in [[], ["seed=8"]] {
      let outcome = try Program.run(["run", "tiny.yaml", "--quiet"] + arguments, in: scratch)
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
    }
    return scratch
  }

  @Test func `results are objects with the documented keys`() throws {
    let scratch = try trained()
    let (mine, other) = ("runs/tiny/v001", "runs/tiny/v002")

    let compared = try objects(Program.run("compare", "tiny/*", "--json", in: scratch))
    #expect(compared.map { $0["run"] as? String } == ["tiny/v001", "tiny/v002"])
    #expect(compared[0]["runs"] as? [String] == ["tiny/v001"] && compared[0]["params.seed"] as? Int == 7)
    #expect(compared[0]["params.optimizer.adam.rate"] as? Double == 0.0005 && compared[0]["metrics.loss.generator"] is Double)

    let why = try Program.run("why", mine, other, "--json", in: scratch)
    let difference = try #require(try objects(why).first)
    #expect(why.exitCode == 1 && why.lines.count == 1 && difference["agree"] as? Bool == false)
    #expect((difference["settings"] as? [[String: Any]])?.map { $0["name"] as? String } == ["seed"])
    #expect((difference["metrics"] as? [String: Any])?["parts_at"] as? Int == 1)

    let verified = try #require(try objects(Program.run("verify", mine, "--json", in: scratch)).first)
    #expect(verified["equal"] as? Bool == true && verified["to"] as? Int == 12 && verified["differences"] as? [String] == [])

    let inspected = try #require(try objects(Program.run("dataset", "inspect", "icons", "--json", in: scratch)).first)
    #expect(inspected["files"] as? Int == 5 && inspected["rejected"] as? [String] == [])
    #expect((inspected["irregular"] as? [[String: Any]])?.count == 5)

    try scratch.writeTinySweep("parameters: {optimizer.adam.rate: {values: [0.001, 0.01]}}", name: "two")
    try Program.run("sweep", "two.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch)
    let status = try #require(try objects(Program.run("sweep", "status", "two", "--json", in: scratch)).first)
    let entries = try #require(status["entries"] as? [[String: Any]])
    #expect(
      status["trials"] as? Int == 2 && status["done"] as? Int == 0 && entries.map { $0["trial"] as? String } == ["t0001", "t0002"])
    #expect((entries[1]["settings"] as? [String: Any])?["optimizer.adam.rate"] as? Double == 0.01)
  }

  @Test func `validate tells of each file with the places of its mistakes`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try scratch.write(Scratch.tinySpec.replacing("latent: 5", with: "latnt: 5"), to: "bad.yaml")
    let outcome = try Program.run("validate", "tiny.yaml", "bad.yaml", "none.yaml", "--json", in: scratch)
    let files = try objects(outcome)
    #expect(outcome.exitCode == 65 && files.map { $0["ok"] as? Bool } == [true, false, false])
    #expect(files.map { $0["exit_code"] as? Int } == [0, 65, 66])
    let problem = try #require((files[1]["problems"] as? [[String: Any]])?.first)
    #expect(
      problem["line"] as? Int == 5 && problem["suggestion"] as? String == "latent" && problem["file"] as? String == "bad.yaml")
  }

  @Test(arguments: [
    ["compare", "nothing"], ["sweep", "status", "nothing"], ["why", "nothing", "nobody"], ["verify", "nothing"],
    ["dataset", "inspect", "nowhere"], ["list", "nothing"], ["evaluate", "nothing"], ["plan", "nothing.yaml"],
    ["compare", "--nonsense"], ["verify"], ["why", "a", "b", "c"], ["validate"], ["lst"], ["sweep", "status"],
    ["compare", "--top", "0"],
  ])
  func `an error is an object, too`(arguments: [String]) throws {
    let scratch = try Scratch()
    try scratch.write("about", to: "runs/README.md")
    let outcome = try Program.run(arguments + ["--json"], in: scratch)
    #expect(outcome.exitCode != 0 && !outcome.errors.isEmpty)
    let error = try #require(try objects(outcome).last?["error"] as? [String: Any])
    #expect(error["exit_code"] as? Int == Int(outcome.exitCode))
    let problems = try #require(error["problems"] as? [[String: Any]])
    #expect(problems.allSatisfy { ($0["message"] as? String)?.isEmpty == false && $0["severity"] as? String == "error" })
  }
}
