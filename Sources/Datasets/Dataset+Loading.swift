import Basics
import Foundation
import Runs
import Spec

extension Dataset {
  /// How often a folder that changes while it is read is read anew.
  private static let attempts = 3

  /// Reads, decodes and resizes the images that `spec` describes, on `threads` threads, or finds them in `cache`; the result
  /// depends on neither. Throws if fewer than `needed` images are usable, or if there is no cache for them and they do not fit
  /// into `memoryLimit` bytes.
  package static func load(
    _ spec: DataSpec, needed: Int, threads: Int = 1, memoryLimit: Int = defaultMemoryLimit, cache: ImageCache? = nil
  ) throws(DatasetError) -> Dataset {
    let (choice, limit) = (ImageChoice(spec), ImageLimit(spec))
    var (attempt, broken) = (0, Set<ByteText>())
    while attempt < attempts {
      attempt += 1
      let folder = try ImageFolder(path: spec.path, exclude: spec.exclude)
      let loader = ImageLoader(folder: folder.path, resolution: spec.resolution, fit: spec.fit, threads: max(1, threads))
      var files = folder.files
      if cache != nil || choice != nil { loader.examine(&files) }
      if let choice, !choice.apply(to: &files, loader, in: cache) { continue }
      limit?.apply(to: &files, broken: broken)
      var dataset: Dataset?
      if let cache {
        switch CachedImages.dataset(files, loader, in: cache) {
        case .dataset(let found): dataset = found
        case .changed: continue
        case .unusable: break
        }
      }
      if dataset == nil { dataset = try inMemory(files, loader, limit: memoryLimit) }
      guard var loaded = dataset else { continue }
      if limit != nil {
        // Another takes the place of what was chosen and cannot be used.
        let failed = Set(
          zip(files, loaded.files).filter { $0.skipReason == nil && $1.skipReason != nil }.map { ByteText($0.0.path) }
        ).subtracting(broken)
        let isMoreThere = files.contains { if case .beyondLimit? = $0.skipReason { true } else { false } }
        if !failed.isEmpty && isMoreThere {
          (broken, attempt) = (broken.union(failed), attempt - 1)
          continue
        }
      }
      loaded.found(folder)
      try loaded.require(needed, of: spec)
      if let limit = spec.limit { try loaded.require(limit, by: "data.limit is", of: spec) }
      return loaded
    }
    throw .keepsChanging(path: spec.path)
  }

  /// Throws if there are fewer than `needed` images.
  package func require(_ needed: Int, by reason: String = "a batch needs", of spec: DataSpec) throws(DatasetError) {
    guard count >= needed else {
      throw .tooFewImages(
        path: spec.path, usable: count, needed: needed, by: reason, skipped: DatasetError.count(files), others: passedOver)
    }
  }

  /// Half of the machine's memory, since the networks need the other half; less where less is left.
  package static var defaultMemoryLimit: Int {
    let available = AvailableMemory.now
    return min(
      Int(clamping: ProcessInfo.processInfo.physicalMemory / 2), available.touched?.bytes ?? .max,
      available.reserved?.bytes ?? .max)
  }

  /// The images in memory. Each file is read once. Nil if one that was examined is no longer as it was.
  private static func inMemory(_ examined: [ImageFile], _ loader: ImageLoader, limit: Int) throws(DatasetError) -> Dataset? {
    var files = examined
    let slots = files.indices.filter { files[$0].skipReason == nil }
    let (bytes, isOverflow) = slots.count.multipliedReportingOverflow(by: loader.imageBytes)
    guard !isOverflow && bytes <= limit else {
      throw .tooLarge(
        images: slots.count, resolution: loader.resolution, bytes: isOverflow ? .max : bytes, limit: limit)
    }
    var candidates = slots.map { files[$0] }
    let images = PackedImages(count: slots.count, imageBytes: loader.imageBytes) {
      loader.load(&candidates, into: $0.baseAddress!)
    }
    for (slot, file) in zip(slots, candidates) {
      if let sha256 = examined[slot].sha256, sha256 != file.sha256 { return nil }
      files[slot] = file
    }
    return Dataset(resolution: loader.resolution, images: images, files: files)
  }
}
