import Foundation
import Images
import Runs
import Testing

/// What commands do to files that stand where they are to write.
@Suite struct OutputTests {
  /// A command that writes where its user says.
  struct Writer: CustomTestStringConvertible {
    /// The command and the option that names the place.
    let command: String
    let option: String
    let arguments: [String]
    /// The first file that it writes, when the option names a folder.
    var file: String?
    var testDescription: String { "\(command) \(option)" }

    /// The arguments that write to `place`, and the path of the file then.
    func writing(to place: String) -> (arguments: [String], file: String) {
      (arguments + [option, place], file.map { place + "/" + $0 } ?? place)
    }
  }

  private static let writers = [
    Writer(command: "generate", option: "--out", arguments: ["generate", "tiny", "--count", "2"], file: "seed0-0001.png"),
    Writer(command: "compare", option: "--csv", arguments: ["compare"]),
    Writer(command: "report", option: "--out", arguments: ["report"]),
    Writer(command: "trace", option: "--out", arguments: ["trace", "tiny.yaml", "--iteration", "1"]),
    Writer(command: "plan", option: "--graph", arguments: ["plan", "tiny.yaml", "--no-timing"]),
    Writer(command: "sweep run", option: "--csv", arguments: ["sweep", "tiny.sweep.yaml", "--dry-run", "--no-timing"]),
    Writer(command: "dataset inspect", option: "--out", arguments: ["dataset", "inspect", "icons"], file: "irregular-01.png"),
    Writer(command: "dataset statistics", option: "--out", arguments: ["dataset", "statistics", "icons"], file: "statistics.csv"),
    Writer(command: "dataset preview", option: "--out", arguments: ["dataset", "preview", "tiny.yaml"]),
  ]

  /// Those that add to files, or fill empty folders.
  private static let others = ["evaluate --csv", "dataset prepare --out"]

  private func trained() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try scratch.writeTinySweep("parameters: {seed: {values: [1, 2]}}")
    let outcome = try Program.run("run", "tiny.yaml", "--quiet", in: scratch)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    return scratch
  }

  @Test func `every option that names an output is among those that are tried`() throws {
    struct Help: Decodable {
      struct Command: Decodable {
        struct Argument: Decodable {
          struct Name: Decodable { let name: String }
          let names: [Name]?
        }
        let commandName: String
        let subcommands: [Command]?
        let arguments: [Argument]?
      }
      let command: Command
    }
    let text = try Program.run("--experimental-dump-help", in: Scratch()).output
    var found: Set<String> = []
    func look(_ command: Help.Command, _ path: [String]) {
      let names = (command.arguments ?? []).flatMap { $0.names ?? [] }.map(\.name)
      for name in names where ["out", "csv", "graph", "output", "save"].contains(name) {
        found.insert((path + ["--" + name]).joined(separator: " "))
        let isOther = Self.others.contains((path + ["--" + name]).joined(separator: " "))
        #expect(names.contains("force") != isOther, "\(path)")
      }
      for command in command.subcommands ?? [] { look(command, path + [command.commandName]) }
    }
    look(try JSONDecoder().decode(Help.self, from: Data(text.utf8)).command, [])
    #expect(found == Set(Self.writers.map(\.testDescription) + Self.others))
  }

  @Test func `commands replace what they wrote and nothing else`() throws {
    let scratch = try trained()
    let run = try scratch.everything(in: "runs/tiny")
    for (number, writer) in Self.writers.enumerated() {
      let (arguments, file) = writer.writing(to: "place\(number)")
      func told(_ more: String...) throws -> Program.Outcome { try Program.run(arguments + more, in: scratch) }

      try scratch.write("precious", to: file)
      let before = try scratch.everything(in: "")
      let refused = try told()
      #expect(refused.exitCode == 73 && refused.errors.contains("'\(file)' is not replaced"), "\(writer): \(refused.errors)")
      #expect(refused.errors.contains("--force replaces it") && refused.output == "", "\(writer): \(refused.output)")
      #expect(try scratch.everything(in: "") == before, "\(writer) wrote something")

      #expect(try told("--force").exitCode == 0, "\(writer)")
      let written = try scratch.everything(in: "")
      #expect(written[file] != before[file] && written[file]?.isEmpty == false, "\(writer)")
      let again = try told()
      #expect(again.exitCode == 0, "\(writer) does not know its own file: \(again.errors)")
      #expect(try scratch.everything(in: "") == written, "\(writer)")

      // What one command wrote is to another like anything else.
      let other = Self.writers[(number + 1) % Self.writers.count].writing(to: "other\(number)")
      try scratch.write(Array(try #require(written[file])), to: other.file)
      #expect(try Program.run(other.arguments, in: scratch).exitCode == 73, "\(writer)")

      try FileManager.default.removeItem(atPath: scratch(file))
      try scratch.write("precious", to: "precious")
      try FileManager.default.createSymbolicLink(atPath: scratch(file), withDestinationPath: scratch("precious"))
      #expect(try told("--force").exitCode == 73, "\(writer)")
      #expect(try scratch.text("precious") == "precious", "\(writer)")
    }
    #expect(try scratch.everything(in: "runs/tiny") == run)
  }

  @Test func `no command replaces a file of a run, whatever it is called and forced to`() throws {
    let scratch = try trained()
    let run = "runs/tiny/v001"
    let before = try scratch.everything(in: run)
    let targets = [
      "spec.yaml", "run.json", "metrics.csv", "dataset.csv", "samples/000006.png", "checkpoints/000000010.safetensors",
      "generator.safetensors", ".lock",
    ]
    for writer in Self.writers where writer.file == nil {
      for target in targets {
        let outcome = try Program.run(writer.writing(to: run + "/" + target).arguments + ["--force"], in: scratch)
        #expect(outcome.exitCode == 73 && outcome.errors.contains("which stays as it is"), "\(writer) \(target): \(outcome.errors)")
      }
    }
    // Nor does one write what a run would take for its own.
    for target in ["overrides.txt", "samples/000007.png", "checkpoints/000000011.safetensors", "samples/x/y.csv"] {
      let outcome = try Program.run("compare", "--csv", run + "/" + target, "--force", in: scratch)
      #expect(outcome.exitCode == 73 && outcome.errors.contains("of its own"), "\(target): \(outcome.errors)")
    }
    for table in ["evaluations.csv", "metrics.csv"] {
      let added = try Program.run("evaluate", "tiny", "--csv", "\(run)/\(table)", in: scratch)
      #expect(added.exitCode == 73 && added.errors.contains("which stays as it is"), "\(added.errors)")
    }
    let inspected = try Program.run("dataset", "inspect", "icons", "--out", run, "--force", in: scratch)
    #expect(inspected.exitCode == 73, "\(inspected.errors)")
    #expect(try scratch.everything(in: run) == before)
  }

  @Test func `training images are not replaced, and none are added`() throws {
    let scratch = try trained()
    let before = try scratch.everything(in: "icons")
    for arguments in [
      ["generate", "tiny", "--out", "icons"], ["generate", "tiny", "--grid", "1x1", "--out", "icons/new"],
      ["dataset", "preview", "tiny.yaml", "--out", "icons/0.png"], ["dataset", "preview", "tiny.yaml", "--out", "icons/new.png"],
      ["dataset", "inspect", "icons", "--out", "icons"], ["dataset", "statistics", "icons", "--out", "icons/s"],
      ["trace", "tiny.yaml", "--iteration", "1", "--out", "icons/0.png"], ["compare", "--csv", "icons/0.png"],
      ["report", "--out", "icons/0.png"], ["plan", "tiny.yaml", "--no-timing", "--graph", "icons/0.png"],
    ] {
      let outcome = try Program.run(arguments + ["--force"], in: scratch)
      #expect(outcome.exitCode == 73, "\(arguments): \(outcome.errors)")
    }
    #expect(try scratch.everything(in: "icons") == before)
  }

  @Test func `a table to add to must be one of evaluations`() throws {
    let scratch = try trained()
    try scratch.write("precious\n", to: "table.csv")
    let refused = try Program.run("evaluate", "tiny", "--images", "8", "--csv", "table.csv", in: scratch)
    #expect(refused.exitCode == 73 && refused.errors.contains("cannot add to 'table.csv'"), "\(refused.errors)")
    #expect(try scratch.text("table.csv") == "precious\n")
    for rows in 1...2 {
      #expect(try Program.run("evaluate", "tiny", "--images", "8", "--csv", "rows.csv", in: scratch).exitCode == 0)
      #expect(try scratch.text("rows.csv").split(separator: "\n").count == rows + 1)
    }
    // A row without an end is somebody's, and what another name leads to may be a file of a run.
    let (rows, run) = (try scratch.text("rows.csv"), try scratch.text("runs/tiny/v001/evaluations.csv"))
    try scratch.write(rows + "mine", to: "rows.csv")
    try FileManager.default.linkItem(atPath: scratch("runs/tiny/v001/evaluations.csv"), toPath: scratch("linked.csv"))
    for (name, reason) in [("rows.csv", "its last line has no end"), ("linked.csv", "it has other names")] {
      let outcome = try Program.run("evaluate", "tiny", "--images", "8", "--csv", name, in: scratch)
      #expect(outcome.exitCode == 73 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
    #expect(try scratch.text("rows.csv") == rows + "mine" && scratch.text("runs/tiny/v001/evaluations.csv") == run)
  }

  @Test(arguments: ["generate tiny --count 20000 --out out", "dataset prepare icons --resolution 512 --out out"])
  func `what is written after its folder was moved away does not get into the new one`(command: String) throws {
    let scratch = try trained()
    for number in 0..<200 where command.hasPrefix("dataset") {
      let pixels = (0..<8 * 8 * 3).map { UInt8(truncatingIfNeeded: $0 &* number &+ number) }
      try scratch.write(PNG.encode(RGBImage(width: 8, height: 8, pixels: pixels)), to: "icons/more\(number).png")
    }
    let program = try RunningProgram(command.split(separator: " ").map(String.init), in: scratch)
    let end = Date.now + 120
    while try !FileManager.default.fileExists(atPath: scratch("out")) || scratch.names(in: "out").isEmpty {
      try #require(Date.now < end)
      usleep(1000)
    }
    try FileManager.default.moveItem(atPath: scratch("out"), toPath: scratch("old"))
    try FileManager.default.createDirectory(atPath: scratch("out"), withIntermediateDirectories: false)
    let outcome = try program.wait()
    #expect(outcome.exitCode == 74 && outcome.errors.contains("moved or replaced while"), "\(outcome.exitCode) \(outcome.errors)")
    #expect(try scratch.names(in: "out").isEmpty)
  }

  @Test func `a folder whose name is not UTF-8 protects its runs like any other`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let script = """
      d=$(printf 'caf\\351'); mkdir "$d" && mv tiny.yaml icons "$d" && mkdir victim && cd "$d" || exit 1
      "$FADEIN" run tiny.yaml --quiet || exit 2
      ln -s ../../../../victim runs/tiny/v001/pics
      for c in "report tiny --force --out runs/tiny/v001/spec.yaml" "report tiny --out runs/tiny/v001/pics/r.html" \
        "compare --force --csv runs/tiny/v001/metrics.csv" "evaluate tiny --images 8 --csv runs/tiny/v001/evaluations.csv" \
        "generate tiny --count 1 --out icons"
      do "$FADEIN" $c > /dev/null 2>&1; [ $? = 73 ] || { echo "$c"; exit 3; }; done
      ls ../victim
      """
    let outcome = try Program.shell(script, in: scratch)
    #expect((outcome.exitCode, outcome.output) == (0, ""), "\(outcome.output) \(outcome.errors)")
  }
}
