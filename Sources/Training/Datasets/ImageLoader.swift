import Basics
import Dispatch
import Runs
import Spec

/// Turns files into planar images of one size, several at a time.
struct ImageLoader: Sendable {
  /// The folder that the files' paths are relative to.
  let folder: String
  let resolution: Int
  let fit: DataSpec.Fit

  private var imageCount: Int { 3 * resolution * resolution }

  /// The images of `files` that can be used, `[used, 3, resolution, resolution]` in the order of `files`, and the files with
  /// what became of them.
  func load(_ files: [ImageFile], threads: Int) -> (pixels: [UInt8], files: [ImageFile]) {
    var results = files
    let pixels = [UInt8](unsafeUninitializedCapacity: files.count * imageCount) { pixels, count in
      results.withUnsafeMutableBufferPointer { results in
        // Safe: worker w touches only the files and slots w, w + threads, ...
        nonisolated(unsafe) let (slots, results) = (pixels, results)
        DispatchQueue.concurrentPerform(iterations: threads) { worker in
          for index in stride(from: worker, to: results.count, by: threads) {
            load(&results[index], into: slots.baseAddress! + index * imageCount)
          }
        }
        for index in results.indices where results[index].skipReason == nil {
          (pixels.baseAddress! + count).update(from: pixels.baseAddress! + index * imageCount, count: imageCount)
          count += imageCount
        }
      }
    }
    return (pixels, results)
  }

  /// Reads `file` and writes its image, `[3, resolution, resolution]`, to `target`; or notes why not.
  private func load(_ file: inout ImageFile, into target: UnsafeMutablePointer<UInt8>) {
    do throws(PNGError) {
      let bytes = try FileBytes.read(folder + "/" + file.path, limit: PNG.maximumBytes)
      file.byteCount = bytes.count
      file.sha256 = Digest.sha256(bytes)
      let image = try PNG.decode(bytes)
      (file.width, file.height) = (image.width, image.height)
      let square = Resample.square(image, side: resolution, fit: fit)
      let plane = resolution * resolution
      square.pixels.withUnsafeBufferPointer { source in
        for i in 0..<plane {
          target[i] = source[3 * i]
          target[plane + i] = source[3 * i + 1]
          target[2 * plane + i] = source[3 * i + 2]
        }
      }
    } catch {
      file.skipReason = .image(error)
    }
  }
}
