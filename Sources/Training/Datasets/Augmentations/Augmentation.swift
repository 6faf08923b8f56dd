import Basics

/// A random change to a real image, drawn afresh each time the image is shown.
package protocol Augmentation: Sendable {
  /// Changes `image`, `[3, side, side]`, in place. Takes the same number of blocks from `stream` whatever it draws.
  func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream)
}
