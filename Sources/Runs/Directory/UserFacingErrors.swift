import Basics

extension RunLock.Busy: UserFacingError {
  package var exitCode: ExitCode { .busy }
}

extension Manifest.Damaged: UserFacingError {
  package var exitCode: ExitCode { .badData }
}

extension SafetensorsError: UserFacingError {
  package var exitCode: ExitCode { .badData }
}

extension CheckpointStore.Unusable: UserFacingError {
  package var exitCode: ExitCode { .badData }
}

extension CSVLog.Mismatch: UserFacingError {
  package var exitCode: ExitCode { .badData }
}
