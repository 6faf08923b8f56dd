/// How a training is ended from outside before its schedule ends, as by a signal.
package struct Interruption {
  /// Why it is to end now, or nil. Beside the end of each iteration this is asked again and again during an evaluation, which may take
  /// long and is then left.
  package var reason: () -> StopReason?
  /// Told once, before the run's directory is first written to: until then the process may end without leaving anything behind.
  package var willWrite: () -> Void

  package init(reason: @escaping () -> StopReason? = { nil }, willWrite: @escaping () -> Void = {}) {
    self.reason = reason
    self.willWrite = willWrite
  }
}
