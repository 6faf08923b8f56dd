import Synchronization
import Testing

@testable import Basics

@Suite struct WorkersTests {
  @Test(arguments: [0, 1, 2, 7, 100])
  func `each number is worked on once, and all are done at the end`(count: Int) {
    let seen = Mutex<[Int]>([])
    Workers.perform(count) { number in seen.withLock { $0.append(number) } }
    #expect(seen.withLock { $0.sorted() } == Array(0..<count))
  }

  @Test func `a background thread does one piece after the other, and its end waits for the last`() {
    let sum = Atomic<Int>(0)
    do {
      let thread = BackgroundThread()
      for number in 1...100 {
        thread.begin { sum.add(number, ordering: .relaxed) }
        if number % 2 == 0 { while thread.isBusy {} }
        thread.wait()
      }
      thread.begin { sum.add(1, ordering: .relaxed) }
    }
    #expect(sum.load(ordering: .relaxed) == 5051)
  }

  @Test func `a command's output and code are told, and one that takes too long is killed`() throws {
    let path = ["PATH": "/usr/bin:/bin", "WORD": "a b"]
    let outcome = try #require(
      Command.run(["sh", "-c", "printf %s \"$WORD\"; exit 3"], environment: path, seconds: 60))
    #expect(String(decoding: outcome.output, as: UTF8.self) == "a b" && outcome.code == 3)
    #expect(Command.run(["sleep", "1000"], environment: path, seconds: 0.05) == nil)
    #expect(Command.run(["no-such-command"], environment: path, seconds: 60)?.code == 127)
  }

  @Test func `a shell takes a command line for the same words`() throws {
    for word in [
      "plain", "two words", "it's", "", "a\"b", "$HOME", "-x", "é ü", "new\nline",
      "tab\tand 'quote'", "\u{1b}[31m", "\u{202e}", "an accent on a quote'\u{301}; exit 1", "\u{efe9}", "\u{7}1",
      SystemText.decode([0x63, 0xe9, 0x37, 0x27, 0x5c]),
    ] {
      let line = "printf '%s' " + ShellCommand.quoted(word)
      let said = try #require(
        Command.run(["bash", "-c", line], environment: ["PATH": "/usr/bin:/bin"], seconds: 60))
      #expect(said.output == SystemText.encode(word), "\(line)")
      #expect(!SystemText.isEscaped(line), "\(line)")
      let direct = Command.run(
        ["sh", "-c", "printf '%s' \"$1$WORD\"", "sh", word], environment: ["PATH": "/usr/bin:/bin", "WORD": word], seconds: 60)
      #expect(direct?.output == SystemText.encode(word) + SystemText.encode(word), "\(line)")
      #expect(!line.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "\(line.debugDescription)")
    }
    #expect(ShellCommand.text(["resume", "runs/a b/v001"]) == "resume 'runs/a b/v001'")
  }
}
