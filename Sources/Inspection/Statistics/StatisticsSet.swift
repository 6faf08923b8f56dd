import Basics
import Images

/// The usable images of a folder, for statistics; each stays on the disk until it is counted.
package struct StatisticsSet: Sendable {
  /// A file that is not what it was at first. The description names it.
  package struct Changed: UserFacingError, Equatable {
    package let path: String
    package var description: String { "'\(path)' changed while the folder was read; begin again" }
    package var exitCode: ExitCode { .ioError }
  }

  private let folder: String
  private let images: [(path: String, pixelsSHA256: String)]
  /// Files that are no usable images.
  package let skipped: Int
  /// Images that are stored otherwise than upright.
  package let turned: Int

  /// The images among `files` of `folder`, ordered by the bytes of their paths.
  package init(_ files: [SurveyedFile], in folder: String, threads: Int) {
    let ordered = files.filter { $0.rejection == nil }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let found = Parallel.map(ordered.count, threads: threads) { number -> (digest: String, isTurned: Bool)? in
      guard let bytes = try? FileBytes.read(ordered[number].path, below: folder, limit: ImageLimits.fileBytes),
        let image = try? ImageFormatCatalog.decode(bytes)
      else { return nil }
      return (ImageSurvey.Content.digest(image), ImageFormatCatalog.orientation(of: bytes) != .upright)
    }
    self.folder = folder
    images = zip(ordered, found).compactMap { file, found in found.map { (file.path, $0.digest) } }
    turned = found.count { $0?.isTurned ?? false }
    skipped = files.count - images.count
  }

  /// How many images there are.
  package var count: Int { images.count }

  /// The path of an image below the folder.
  package func path(_ number: Int) -> String { images[number].path }

  /// `size` different images at random, ascending. The same paths and seed give the same ones.
  package func chosen(_ size: Int, seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, name: "dataset.statistics")
    return stream.permutation(of: count).prefix(size).sorted()
  }

  /// The statistics of the images `numbers`, or of all, each brought to the side `side` by `shape`. Throws ``Changed``.
  package func statistics(
    of numbers: [Int]? = nil, side: Int, threads: Int, shape: @escaping @Sendable (RGBImage) -> RGBImage
  ) throws -> PixelStatistics {
    let numbers = numbers ?? Array(0..<count)
    return try PixelStatistics(side: side, count: numbers.count, threads: threads) { index in
      let image = images[numbers[index]]
      guard let pixels = try? ImageFormatCatalog.read(image.path, below: folder),
        ImageSurvey.Content.digest(pixels) == image.pixelsSHA256
      else { return .failure(Changed(path: image.path)) }
      return .success(shape(pixels))
    }
  }
}
