import Basics
import Images
import Runs
import Spec
import Synchronization

/// Turns files into planar images of one size, several at a time.
struct ImageLoader: Sendable {
  /// The folder that the files' paths are relative to.
  let folder: String
  let resolution: Int
  let fit: DataSpec.Fit
  let threads: Int

  /// Bytes of one image.
  var imageBytes: Int { 3 * resolution * resolution }

  /// Finds size and SHA-256 of the `files` that are not left out already, or notes why they cannot be read.
  func examine(_ files: inout [ImageFile]) {
    spread(&files) { file, _ in
      do throws(ImageError) {
        file.skipReason = OutputMark.sheetCommand(of: try read(&file)).map { .sheet(of: $0) }
      } catch {
        file.skipReason = .image(error)
      }
    }
  }

  /// Writes the images of `files` that can be used to `target`, `[used, 3, resolution, resolution]` in the order of `files`, and
  /// notes for each file what became of it. `target` has room for all.
  /// - Returns: how many can be used.
  func load(_ files: inout [ImageFile], into target: UnsafeMutableRawPointer) -> Int {
    let slots = target.assumingMemoryBound(to: UInt8.self)
    nonisolated(unsafe) let pixels = slots  // Safe: each file has a slot of its own.
    spread(&files) { file, index in load(&file, into: pixels + index * imageBytes) }
    var used = 0
    for index in files.indices where files[index].skipReason == nil {
      if used != index { (slots + used * imageBytes).update(from: slots + index * imageBytes, count: imageBytes) }
      used += 1
    }
    return used
  }

  /// Does `work` on every file that is not left out.
  private func spread(_ files: inout [ImageFile], _ work: @Sendable (inout ImageFile, _ index: Int) -> Void) {
    files.withUnsafeMutableBufferPointer { files in
      nonisolated(unsafe) let files = files  // Safe: each file is taken by one worker.
      let next = Atomic<Int>(0)
      Workers.perform(threads) { _ in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < files.count else { return }
          if files[index].skipReason == nil { work(&files[index], index) }
        }
      }
    }
  }

  /// The bytes of `file`, whose size and SHA-256 are noted.
  private func read(_ file: inout ImageFile) throws(ImageError) -> [UInt8] {
    let bytes = try FileBytes.read(file.path, below: folder, limit: ImageLimits.fileBytes)
    file.byteCount = bytes.count
    file.sha256 = Digest.sha256(bytes)
    return bytes
  }

  /// Reads `file` and writes its image, `[3, resolution, resolution]`, to `target`; or notes why not.
  private func load(_ file: inout ImageFile, into target: UnsafeMutablePointer<UInt8>) {
    do throws(ImageError) {
      let bytes = try read(&file)
      if let command = OutputMark.sheetCommand(of: bytes) {
        file.skipReason = .sheet(of: command)
        return
      }
      let image = try ImageFormatCatalog.decode(bytes)
      (file.width, file.height) = (image.width, image.height)
      file.isTurned = ImageFormatCatalog.orientation(of: bytes) != .upright
      let square = Resample.square(image, side: resolution, fit: fit)
      square.writePlanes(to: target)
    } catch {
      file.skipReason = .image(error)
    }
  }
}
