import Foundation
import Runs
import Spec

/// The usable images of a folder in memory, all at one resolution.
package struct Dataset: Sendable {
  /// Side of the images in pixels.
  package let resolution: Int
  /// Every file that was considered, in the order of its path; the used ones are the images, in the same order.
  package let files: [ImageFile]
  /// `[count, 3, resolution, resolution]`.
  package let pixels: [UInt8]

  /// Images.
  package var count: Int { pixels.count / imageCount }
  /// Samples of one image.
  package var imageCount: Int { 3 * resolution * resolution }

  /// The images `pixels`, `[count, 3, resolution, resolution]`, which came from `files`.
  package init(resolution: Int, pixels: [UInt8], files: [ImageFile] = []) {
    precondition(
      resolution > 0 && pixels.count % (3 * resolution * resolution) == 0, "\(pixels.count) samples at side \(resolution)")
    (self.resolution, self.pixels, self.files) = (resolution, pixels, files)
  }

  /// Reads, decodes and resizes the images that `spec` describes, on `threads` threads; the result does not depend on
  /// their number. Each file is read once. Throws if fewer than `needed` images (or none) are usable or they do not fit into
  /// `memoryLimit` bytes.
  package static func load(
    _ spec: DataSpec, needed: Int, threads: Int = 1, memoryLimit: Int = defaultMemoryLimit
  ) throws(DatasetError) -> Dataset {
    let folder = try ImageFolder(path: spec.path, exclude: spec.exclude)
    var files = folder.files
    let side = spec.resolution
    let slots = files.indices.filter { files[$0].skipReason == nil }
    let (bytes, isOverflow) = slots.count.multipliedReportingOverflow(by: 3 * side * side)
    guard !isOverflow && bytes <= memoryLimit else {
      throw .tooLarge(images: slots.count, resolution: side, bytes: isOverflow ? .max : bytes, limit: memoryLimit)
    }
    let candidates = slots.map { files[$0] }
    let loaded = ImageLoader(folder: folder.path, resolution: side, fit: spec.fit).load(candidates, threads: max(1, threads))
    for (slot, file) in zip(slots, loaded.files) { files[slot] = file }
    let dataset = Dataset(resolution: side, pixels: loaded.pixels, files: files)
    guard dataset.count >= max(needed, 1) else {
      throw .tooFewImages(path: spec.path, usable: dataset.count, needed: max(needed, 1), skipped: DatasetError.count(files))
    }
    return dataset
  }

  /// Half of the machine's memory: the networks need the other half.
  package static var defaultMemoryLimit: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory / 2) }

  /// Calls `body` with the samples of image `index`, `[3, resolution, resolution]`.
  package func withImage<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    precondition(index >= 0 && index < count, "image \(index) of \(count)")
    return try pixels.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[index * imageCount..<(index + 1) * imageCount]))
    }
  }
}
