import CKernels
import Glibc

/// The library that `bench kernels` measures the kernels against. It is loaded where it is used, so that no other command depends on
/// it, starts its threads, or reserves its memory; and with one thread.
package struct OpenBLAS: Sendable {
  /// C's `cblas_sgemm`.
  typealias Product =
    @convention(c) (
      _ order: UInt32, _ left: UInt32, _ right: UInt32, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Float,
      UnsafePointer<Float>, _ stride: Int32, UnsafePointer<Float>, _ stride: Int32, _ beta: Float, UnsafeMutablePointer<Float>,
      _ stride: Int32
    ) -> Void

  let product: Product
  /// The processor for which the code in use was written, as in `SkylakeX`.
  package let core: String

  /// The library, loaded when this is read for the first time; nil where it is not installed.
  package static let loaded = OpenBLAS(path: getenv("FADEIN_OPENBLAS").map { String(cString: $0) } ?? "libopenblas.so.0")

  /// The library at `path`, or found by its name as the system finds libraries.
  private init?(path: String) {
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    // A library that is older than the processor takes it for one of 2004, and is then a fourth as fast as it could be.
    if let core = Self.fittingCore { setenv("OPENBLAS_CORETYPE", core, 0) }
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL), let product = dlsym(library, "cblas_sgemm"),
      let corename = dlsym(library, "openblas_get_corename")
    else { return nil }
    self.product = unsafeBitCast(product, to: Product.self)
    core = String(cString: unsafeBitCast(corename, to: (@convention(c) () -> UnsafePointer<CChar>).self)())
  }

  /// The name of the code that uses the same instructions as the kernels; nil where OpenBLAS may choose.
  private static var fittingCore: String? {
    switch fk_cpu_level() {
    case 2: "SkylakeX"
    case 1: "Haswell"
    default: nil
    }
  }
}
