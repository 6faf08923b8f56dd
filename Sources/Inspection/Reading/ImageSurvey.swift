import Basics
import Images
import Runs

/// A file that a survey is asked to look at.
package struct SurveyedFile: Equatable, Sendable {
  /// The path below the folder, its parts joined by `/`.
  package let path: String
  /// Why it is not to be opened; nil: it is read.
  package let rejection: String?

  /// The file at `path`.
  package init(path: String, rejection: String? = nil) { (self.path, self.rejection) = (path, rejection) }
}

/// What was found in one file, read once.
package struct ImageSurvey: Equatable, Sendable {
  /// The path below the folder, its parts joined by `/`.
  package let path: String
  /// Bytes of the file and their SHA-256; nil when it was not read.
  package var bytes: Int?
  package var sha256: String?
  /// What the file says of itself; nil when it is no PNG.
  package var header: ImageHeader?
  /// Whether the image is stored otherwise than upright.
  package var isTurned = false
  /// What the pixels give; nil when they could not be decoded.
  package var content: Content?
  /// Why the file is no usable image.
  package var rejection: String?

  /// What follows from the decoded pixels.
  package struct Content: Equatable, Sendable {
    /// SHA-256 of the size and the pixels: equal for copies that were stored in different ways.
    package let pixelsSHA256: String
    package let thumbnail: Thumbnail
    package let hash: PerceptualHash
    package let measures: ImageMeasures

    package init(_ image: RGBImage) {
      pixelsSHA256 = Self.digest(image)
      thumbnail = Thumbnail(image)
      hash = PerceptualHash(thumbnail)
      measures = ImageMeasures(thumbnail, width: image.width, height: image.height)
    }

    /// SHA-256 of the size and the pixels.
    package static func digest(_ image: RGBImage) -> String {
      var hash = SHA256()
      hash.update(Array("\(image.width)x\(image.height)\n".utf8))
      hash.update(image.pixels)
      return hash.finish()
    }
  }

  /// Looks at `file` in `folder`.
  package init(_ file: SurveyedFile, in folder: String) {
    (path, rejection) = (file.path, file.rejection)
    guard rejection == nil else { return }
    do throws(ImageError) {
      let data = try FileBytes.read(file.path, below: folder, limit: ImageLimits.fileBytes)
      (bytes, sha256, header) = (data.count, Digest.sha256(data), ImageFormatCatalog.header(of: data))
      if let command = OutputMark.sheetCommand(of: data) {
        rejection = "a sheet that 'fadein \(command)' drew"
        return
      }
      content = Content(try ImageFormatCatalog.decode(data))
      isTurned = ImageFormatCatalog.orientation(of: data) != .upright
    } catch {
      rejection = error.description
    }
  }
}
