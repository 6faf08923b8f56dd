import Foundation
import PackagePlugin

/// Writes down before each build which commit the sources are of. The file is only touched when that has changed.
@main struct NameBuild: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let output = context.pluginWorkDirectoryURL.appending(path: "Build")
    let root = context.package.directoryURL
    return [
      .prebuildCommand(
        displayName: "Naming the build", executable: URL(filePath: "/bin/sh"),
        arguments: [root.appending(path: "scripts/name-build").path, root.path, output.path], outputFilesDirectory: output)
    ]
  }
}
