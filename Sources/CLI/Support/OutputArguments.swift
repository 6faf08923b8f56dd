import ArgumentParser
import Basics
import Runs

/// What commands have in common that write files where the user says.
struct OutputArguments: ParsableArguments {
  @Flag(help: "Also replace files that this command has not written; never those of a run, nor training images.")
  var force = false

  /// The files of a command that reads the training images in the folders `images`.
  func files(apartFrom images: [String] = [], _ files: any FileSystem = LocalFileSystem()) -> OutputFiles {
    OutputFiles(force: force, apartFrom: images, files)
  }
}
