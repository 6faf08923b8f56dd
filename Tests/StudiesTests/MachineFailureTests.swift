import Basics
import Foundation
import Testing

@testable import Studies

/// Which errors are the machine's, so that no trial fails by them.
@Suite struct MachineFailureTests {
  @Test(arguments: [ENOSPC, EDQUOT, EIO, EROFS]) func `a disk that takes or gives nothing is the machine's`(code: Int32) {
    for operation in FileError.Operation.allCases {
      let failure = MachineFailure(FileError(operation, "runs/a/x", errno: code))
      #expect(failure?.exitCode == .ioError && failure?.reason.contains("runs/a/x") == true)
    }
  }

  @Test(arguments: [ENOMEM, EMFILE, ENFILE, EAGAIN]) func `a limit of the system is the machine's`(code: Int32) {
    #expect(MachineFailure(FileError(.open, "x", errno: code))?.exitCode == .systemLimit)
  }

  @Test func `so is memory that is not there, and what is wrong with a trial is not`() throws {
    let memory = NotEnoughMemory(what: "training 'x'", bytes: 2, limit: AvailableMemory.Limit(bytes: 1, source: "the machine"))
    #expect(MachineFailure(memory)?.exitCode == .systemLimit)
    #expect(MachineFailure(FileError(.write, "x", errno: EFBIG))?.exitCode == .ioError)
    for code in [ENOENT, EACCES, ELOOP, ESTALE, EMLINK, EEXIST] {
      #expect(MachineFailure(FileError(.open, "x", errno: code)) == nil)
    }
    #expect(MachineFailure(FileError(.read, "x", errno: EFBIG)) == nil)
    #expect(MachineFailure(UnusableFile("x", "y")) == nil && MachineFailure(CancellationError()) == nil)
  }
}
