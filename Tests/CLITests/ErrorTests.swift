import Basics
import Testing

@testable import CLI

/// What a user is told about an error.
@Suite struct ErrorTests {
  private struct Surprise: Error {}

  private struct Known: UserFacingError {
    let exitCode = Basics.ExitCode.busy
    let description = "it is known"
    var diagnostics: Diagnostics { Diagnostics(description, note: "and more", exitCode: exitCode) }
  }

  @Test func `a mistake of ours is an internal error`() {
    let diagnostics = Diagnostics(describing: Surprise())
    #expect(diagnostics.exitCode == .internalError)
    #expect(
      diagnostics.rendered == """
        error: internal error: Surprise()
          note: this is a mistake in Fadein; please report it together with the command
        """)
  }

  @Test func `an error for users keeps its note and exit code`() {
    let diagnostics = Diagnostics(describing: Known())
    #expect(diagnostics.exitCode == .busy)
    #expect(diagnostics.rendered == "error: it is known\n  note: and more")
  }

  @Test func `a failing call to the file system is one sentence`() {
    let diagnostics = Diagnostics(describing: FileError(.write, "a.csv", errno: 28))
    #expect(diagnostics.exitCode == .ioError)
    #expect(diagnostics.rendered == "error: cannot write 'a.csv': No space left on device")
  }
}
