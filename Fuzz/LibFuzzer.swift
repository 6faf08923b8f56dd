import Foundation

/// The target that `scripts/fuzz` chose.
private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FADEIN_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else { fatalError("FADEIN_FUZZ_TARGET is '\(name)', which is no target") }
  return target
}()

/// Processor time that an input may take. libFuzzer's own limit is one of the clock, and a busy machine runs into it.
private let longestSeconds = 1.0

private var processorSeconds: Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let begun = processorSeconds
  do {
    try target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    fatalError("\(error)")
  }
  let seconds = processorSeconds - begun
  if seconds > longestSeconds { fatalError("this took \(seconds) s") }
  return 0
}
