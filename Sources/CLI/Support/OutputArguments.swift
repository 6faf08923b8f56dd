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

  /// Does `body` with `files` while no other command that writes several files does so in `folder`, which is there.
  func alone<Value>(in folder: String, _ files: OutputFiles, _ body: (OutputFiles) throws -> Value) throws -> Value {
    try files.alone(in: folder, tell: { Console.tell("waiting for another command that writes into '\(folder.printable)'") }, body)
  }
}
