import Dispatch
import Runs
import Spec

/// The usable images of a folder, all at one resolution, in memory or in a mapped file of the cache.
package struct Dataset: Sendable {
  /// Side of the images in pixels.
  package let resolution: Int
  /// Every file that was considered, in the order of its path; the used ones are the images, in the same order.
  package let files: [ImageFile]
  /// What was found besides, a sentence each: folders that are not searched, images of other formats.
  package private(set) var notices: [String] = []
  /// The same and all other files, for when images are missing.
  private(set) var passedOver: [String] = []
  /// `[count, 3, resolution, resolution]` of 8 bits.
  let images: PackedImages
  /// Where ``pooled(to:)`` keeps what it makes; nil: in memory.
  private let place: CachedImages?

  package var count: Int { images.count }
  /// Samples of one image.
  package var imageCount: Int { 3 * resolution * resolution }

  /// The images `pixels`, `[count, 3, resolution, resolution]`, which came from `files`.
  package init(resolution: Int, pixels: [UInt8], files: [ImageFile] = []) {
    let imageCount = 3 * resolution * resolution
    precondition(resolution > 0 && pixels.count % imageCount == 0, "\(pixels.count) samples at side \(resolution)")
    let images = PackedImages(count: pixels.count / imageCount, imageBytes: imageCount) { memory in
      memory.copyBytes(from: pixels)
      return pixels.count / imageCount
    }
    self.init(resolution: resolution, images: images, files: files)
  }

  /// The images `images` at `resolution`, which came from `files`, and where in a cache they are.
  init(resolution: Int, images: PackedImages, files: [ImageFile], place: CachedImages? = nil) {
    self.resolution = resolution
    self.images = images
    self.files = files
    self.place = place
  }

  /// Notes what `folder` holds besides images.
  mutating func found(_ folder: ImageFolder) {
    (notices, passedOver) = (folder.notices, folder.passedOver)
    let turned = files.count { $0.isTurned && $0.skipReason == nil }
    let left = Dictionary(files.compactMap { $0.skipReason }.filter(\.isChoice).map { ($0.kind, 1) }, uniquingKeysWith: +)
    for (kind, count) in left.sorted(by: { $0.key < $1.key }) { notices.append("\(count) left out by the spec: \(kind)") }
    if turned > 0 { notices.append(Self.turnedNotice(turned)) }
  }

  /// As in `3 images are turned upright, as their eXIf orientation says`.
  package static func turnedNotice(_ count: Int) -> String {
    count == 1
      ? "1 image is turned upright, as its eXIf orientation says"
      : "\(count) images are turned upright, as their eXIf orientation says"
  }

  /// Throws when a file of the cache was cut or changed while its images were used: what was made of them counts for nothing.
  package func check() throws(PackLost) { try place?.check() }

  /// Calls `body` with the samples of image `index`, `[3, resolution, resolution]`.
  package func withImage<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try images.withImage(index) { try body($0.assumingMemoryBound(to: UInt8.self)) }
  }

  /// Memory that pooled images may take when they have no place in a cache.
  private static let pooledBytesInMemory = 256 << 20

  /// All images as the sums that ``Pooling/sum(_:into:)`` finds for the lower resolution `side`, or nil when they have no place in
  /// the cache and are too many for memory: then each image is to be pooled whenever it is shown.
  func pooled(to side: Int) -> PackedImages? {
    // The range does not matter to sums.
    let pooling = Pooling(from: resolution, to: side, range: 0...1)
    let imageBytes = 3 * side * side * pooling.sumBytes
    if let place { return place.pooled(images, pooling) ?? (count * imageBytes > Self.pooledBytesInMemory ? nil : inMemory()) }
    return inMemory()

    func inMemory() -> PackedImages {
      PackedImages(count: count, imageBytes: imageBytes) { memory in
        for index in 0..<count {
          withImage(index) { pooling.sum($0.baseAddress!, into: memory.baseAddress! + index * imageBytes) }
        }
        return count
      }
    }
  }
}
