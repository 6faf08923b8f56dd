import Foundation

/// The target that `scripts/fuzz` chose.
private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FADEIN_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else { fatalError("FADEIN_FUZZ_TARGET is '\(name)', which is no target") }
  return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    fatalError("\(error)")
  }
  return 0
}
