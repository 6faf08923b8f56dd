import Basics
import Testing

@Suite struct ProgramVersionTests {
  private static let hash = "5a130aa9e0d3f0a1b2c3d4e5f60718293a4b5c6d"

  @Test(arguments: [
    ("0.1.0+\(hash)", hash, false, "0.1.0 (commit \(hash))"),
    ("0.1.0+\(hash).modified", hash, true, "0.1.0 (commit \(hash), modified)"), ("0.1.0", nil, nil, "0.1.0 (commit unknown)"),
  ])
  func `a version is read back as it is written`(text: String, commit: String?, isModified: Bool?, sentence: String) {
    let version = ProgramVersion(text)
    #expect((version.number, version.commit, version.isModified) == ("0.1.0", commit, isModified))
    #expect((version.description, version.sentence) == (text, sentence))
    #expect(ProgramVersion(number: version.number, commit: version.commit, isModified: version.isModified) == version)
  }

  @Test(arguments: ["unknown", "", "HEAD", "5a1", ".modified", "5a130aa;x"]) func `what is no commit is unknown`(build: String) {
    #expect(ProgramVersion("0.1.0", build: build).description == "0.1.0")
  }
}
