import ArgumentParser
import Basics
import Foundation
import Runs
import Testing

@testable import CLI

/// Every command that a document prints works as it is printed, in a fresh clone, in the order of the document.
@Suite struct DocumentTests {
  @Test func `documents call the program as it is called in a checkout`() throws {
    #expect(Documents.files.count > 20)
    for span in try Documents.files.flatMap(Documents.spans) {
      #expect(span.text.firstMatch(of: /(^|[^\w.\/-])fadein [a-z-]/) == nil, "\(span): ./fadein")
    }
  }

  @Test func `commands in fences have no gaps to fill in, and their scripts are there`() throws {
    for command in try Documents.files.flatMap(Documents.commands) {
      let words = command.text.replacing(/(^|\s)#.*$/, with: "").split(separator: " ").map(String.init)
      for word in words {
        #expect(word.wholeMatch(of: /[A-Z][A-Z_]+(\.[a-z]+)?|.*\.\.\./) == nil, "\(command): '\(word)' is to be filled in")
      }
      for word in words where word.wholeMatch(of: /(\.\/)?(scripts\/[\w\/.-]+|\.ci\/\w+)/) != nil {
        let path = Program.repository.appending(path: word).path
        let isCalled = word == words.first
        #expect(FileManager.default.fileExists(atPath: path), "\(command): there is no \(word)")
        #expect(!isCalled || FileManager.default.isExecutableFile(atPath: path), "\(command)")
      }
    }
  }

  @Test func `commands and options in running text exist`() throws {
    for span in try Documents.files.flatMap(Documents.spans) {
      guard let call = span.text.firstMatch(of: /\.\/fadein ([^|;&#>]*)/) else { continue }
      var words = call.1.split(separator: " ").map(String.init)
      var command: any ParsableCommand.Type = Fadein.self
      while let word = words.first, let next = command.configuration.subcommands.first(where: { $0._commandName == word }) {
        (command, words) = (next, Array(words.dropFirst()))
      }
      command = command.configuration.defaultSubcommand ?? command
      let isKnown = command != Fadein.self || words.first?.hasPrefix("-") == true || words.first == "help"
      #expect(isKnown, "\(span): there is no command '\(words.first ?? "")'")
      let help = command.helpMessage(includeHidden: true) + Fadein.helpMessage()
      for option in words.compactMap({ $0.firstMatch(of: /^--[a-z-]+/)?.0 }) where !option.hasPrefix("--generate-completion") {
        #expect(help.contains(option), "\(span): '\(command._commandName)' has no \(option)")
      }
    }
  }

  @Test(.timeLimit(.minutes(10))) func `commands in fences work as they are typed`() throws {
    let template = try Scratch()
    try template.writeTinyExperiment(images: 8)
    let spec = Scratch.tinySpec.replacing("resolution: 8}\ngenerator", with: "resolution: 16}\ngenerator")
      .replacing("widths: [8, 6]", with: "widths: [6, 4, 4]").replacing(
        "fade: 4, hold: 4}", with: "hold: 1}\n    - {resolution: 16, hold: 4}"
      )
      .replacing("hold: 4}\n    - {resolution: 8", with: "hold: 1}\n    - {resolution: 8").replacing(
        "every: 5, keep: 2", with: "every: 3, keep: 2")
    try template.write(spec, to: "tiny.yaml")
    let trained = try Program.run("run", "tiny.yaml", "--quiet", in: template)
    try #require(trained.exitCode == 0, "\(trained.errors)")
    for file in Documents.files {
      let commands = try Documents.commands(of: file)
      guard commands.contains(where: { $0.text.contains("./fadein ") }) else { continue }
      let clone = try Clone(template: template)
      for call in try clone.calls(of: commands) {
        let problem = try attempt(call.arguments, in: clone)
        #expect(problem == nil, "\(file):\(call.line): \(call.arguments): \(problem ?? "")")
      }
    }
  }

  /// Runs a call, or what tells as much in less time; returns what is wrong with it.
  private func attempt(_ arguments: [String], in clone: Clone) throws -> String? {
    var command: any ParsableCommand
    do {
      command = try Fadein.parseAsRoot(arguments)
    } catch {
      return Fadein.exitCode(for: error) == .success ? nil : Fadein.fullMessage(for: error)
    }
    let there = { (path: String) in path.hasPrefix("/") ? path : clone.scratch(path) }
    do {
      switch command {
      case var run as CLI.Run:
        run.arguments.spec = there(run.arguments.spec)
        if let option = arguments.firstIndex(of: "--from"), let other = arguments[option + 1].split(separator: "@").first {
          _ = try RunDirectory.find(String(other), in: there("runs"), LocalFileSystem())
        }
        try clone.addRun(try run.arguments.read(checkingFiles: true).name)
        return nil
      case let resume as Resume where resume.until != nil:
        _ = try RunDirectory.find(resume.run.run, in: there("runs"), LocalFileSystem())
        return nil
      case var plan as PlanCommand:
        plan.arguments.spec = there(plan.arguments.spec)
        _ = try plan.arguments.read(checkingFiles: true)
        return nil
      case var trace as TraceCommand:
        // Images that a script makes are not there.
        trace.arguments.spec = there(trace.arguments.spec)
        _ = try trace.arguments.read(checkingFiles: false)
        return nil
      case let bench as Bench:
        return FileManager.default.fileExists(atPath: there(bench.spec)) || bench.spec == "kernels" ? nil : "no such file"
      case let sweep as SweepRun where !sweep.dryRun:
        let begun = try Program.run(arguments + ["--executor", "slurm", "--emit-only"], in: clone.scratch)
        guard begun.exitCode == 0 else { return begun.errors }
        try clone.endTrials(of: try #require(begun.output.firstMatch(of: /runs\/([\w-]+)\//)?.1).description)
        return nil
      default: break
      }
    } catch {
      return "\(error)"
    }
    // What scripts would have made.
    if arguments.contains(where: { $0.hasPrefix("tmp/trial") }) { return nil }
    let isWithoutTiming = arguments.contains("--dry-run")
    let outcome = try Program.run(arguments + (isWithoutTiming ? ["--no-timing"] : []), in: clone.scratch)
    let isDifference = arguments.first == "why" && outcome.exitCode == 1
    return outcome.exitCode == 0 || isDifference ? nil : "exit code \(outcome.exitCode): \(outcome.errors)"
  }
}
