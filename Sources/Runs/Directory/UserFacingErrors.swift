import Basics

extension RunLock.Busy: UserFacingError {
  package var exitCode: ExitCode { .busy }
}

extension SafetensorsError: UserFacingError {
  package var exitCode: ExitCode { .badData }
}
