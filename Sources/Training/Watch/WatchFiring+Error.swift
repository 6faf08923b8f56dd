import Basics

extension Watch.Firing: UserFacingError {
  package var exitCode: ExitCode { .stoppedByRule }
  package var diagnostics: Diagnostics {
    Diagnostics("stopped by its own watch rule after iteration \(iteration): \(description)", exitCode: exitCode)
  }
}
