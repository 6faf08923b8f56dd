import ArgumentParser
import Basics
import Datasets
import Images
import Inspection
import Spec
import Training

/// The images that a command looks at.
struct ImageFolderArguments: ParsableArguments {
  @Argument(help: "The folder of PNG images, searched recursively.", completion: .directory)
  var folder: String

  @OptionGroup var threads: ThreadArguments

  /// The folder's absolute path and its files; those that fit one of `exclude` are not opened. Throws when the folder cannot be
  /// read or has no image.
  func files(exclude: [String] = []) throws(Diagnostics) -> (path: String, files: [SurveyedFile]) {
    let found: ImageFolder
    do throws(DatasetError) {
      found = try ImageFolder(path: folder, exclude: exclude)
    } catch {
      throw Diagnostics(error.message, exitCode: .inputNotFound)
    }
    guard !found.files.isEmpty else {
      let note = ["names end in .png, in any case"] + found.passedOver
      throw Diagnostics("'\(folder)' has no PNG image", note: note.joined(separator: "; "), exitCode: .badData)
    }
    if !found.notices.isEmpty { Console.tell(Diagnostics(found.notices.map { Diagnostic($0, severity: .warning) })) }
    return (found.path, found.files.map { SurveyedFile(path: $0.path, rejection: $0.skipReason?.description) })
  }
}

extension DataSpec.Fit: ExpressibleByArgument {}

/// A side in pixels that images are brought to: a power of two, as large as those of a spec.
struct Resolution: ExpressibleByArgument {
  let side: Int

  init?(argument: String) {
    guard let side = Int(argument), (4...1024).contains(side), side & (side - 1) == 0 else { return nil }
    self.side = side
  }
}
