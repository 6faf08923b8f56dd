import Basics
import Foundation
import Runs
import Testing
import TestSupport

/// What git itself says of a checkout, and that nothing of the checkout is executed to learn it.
@Suite struct GitStateTests {
  let files = LocalFileSystem()

  @discardableResult
  private func git(_ arguments: [String], in folder: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org"] + arguments
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func checkout(_ more: [String] = []) throws -> (folder: TemporaryFolder, commit: String) {
    let folder = try TemporaryFolder()
    try git(["init", "-q"] + more, in: folder.path)
    try files.createDirectories(folder("a/b"))
    try AtomicFile.write("1", to: folder("a/b/spec.yaml"), in: files)
    try git(["add", "."], in: folder.path)
    try git(["commit", "-qm", "x"], in: folder.path)
    return (folder, try git(["rev-parse", "HEAD"], in: folder.path))
  }

  @Test(arguments: [[], ["--object-format=sha256"]]) func `Commit and changes are those that git tells`(more: [String]) throws {
    let (folder, commit) = try checkout(more)
    #expect(GitState(folder: folder("a/b")) == GitState(commit: commit, isDirty: false))
    try AtomicFile.write("untracked", to: folder("new"), in: files)
    #expect(GitState(folder: folder("a/b")) == GitState(commit: commit, isDirty: false))
    try AtomicFile.write("2", to: folder("a/b/spec.yaml"), in: files)
    #expect(GitState(folder: folder.path) == GitState(commit: commit, isDirty: true))
    try git(["commit", "-qam", "y"], in: folder.path)
    try git(["pack-refs", "--all"], in: folder.path)
    try git(["gc", "-q"], in: folder.path)
    let next = try git(["rev-parse", "HEAD"], in: folder.path)
    #expect(GitState(folder: folder.path) == GitState(commit: next, isDirty: false))
    try git(["checkout", "-q", "--detach", commit], in: folder.path)
    #expect(GitState(folder: folder.path) == GitState(commit: commit, isDirty: false))
    try git(["worktree", "add", "-q", folder("tree"), next], in: folder.path)
    #expect(GitState(folder: folder("tree/a")) == GitState(commit: next, isDirty: false))
  }

  @Test func `A checkout below a name that is not UTF-8 has a state like any other`() throws {
    let (folder, commit) = try checkout()
    let other = try TemporaryFolder()
    let path = other(SystemText.decode([0x63, 0xe9]))
    #expect(rename(folder.path, path.systemBytes) == 0)
    #expect(GitState(folder: Path.join(path, "a/b")) == GitState(commit: commit, isDirty: false))
    try AtomicFile.write("2", to: Path.join(path, "a/b/spec.yaml"), in: files)
    #expect(GitState(folder: path) == GitState(commit: commit, isDirty: true))
  }

  @Test func `There is no state outside of a checkout, or before the first commit`() throws {
    let folder = try TemporaryFolder()
    #expect(GitState(folder: folder.path) == nil)
    try git(["init", "-q"], in: folder.path)
    #expect(GitState(folder: folder.path) == nil)
    try AtomicFile.write("gitdir: .git\n", to: folder("x"), in: files)
    try FileManager.default.removeItem(atPath: folder(".git"))
    try FileManager.default.moveItem(atPath: folder("x"), toPath: folder(".git"))
    #expect(GitState(folder: folder.path) == nil)
  }

  @Test func `Nothing that a checkout configures is executed`() throws {
    let (folder, commit) = try checkout()
    let program = folder("program.sh")
    try AtomicFile.write("#!/bin/sh\ntouch '\(folder("ran"))'\ncat\n", to: program, in: files)
    chmod(program, 0o755)
    for key in [
      "core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "core.gitProxy", "diff.external",
      "filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command", "credential.helper",
      "gpg.program",
      "alias.status", "core.alternateRefsCommand", "uploadpack.packObjectsHook",
    ] { try git(["config", key, key == "alias.status" ? "!\(program)" : program], in: folder.path) }
    try git(["config", "filter.x.required", "true"], in: folder.path)
    try git(["config", "core.hooksPath", folder.path], in: folder.path)
    for name in ["post-index-change", "git", "fsmonitor-watchman"] {
      try files.createDirectories(folder(".git/hooks"))
      try FileManager.default.copyItem(atPath: program, toPath: folder(name))
      try? FileManager.default.copyItem(atPath: program, toPath: folder(".git/hooks/" + name))
    }
    try AtomicFile.write("* filter=x diff=x\n", to: folder(".gitattributes"), in: files)
    try AtomicFile.write("changed", to: folder("a/b/spec.yaml"), in: files)
    try? FileManager.default.removeItem(atPath: folder("ran"))
    #expect(GitState(folder: folder("a"))?.commit == commit)
    #expect(try files.status(of: folder("ran")) == nil)
  }
}
