import Datasets
import Foundation
import Spec
import Testing

@testable import Studies

/// Every kind of thing that files can name: a folder of plug-ins and the catalog that lists them.
@Suite struct LanguageTests {
  private static let kinds: [(folder: String, catalogs: [Catalog])] = [
    ("Models/Losses", [Language.fadein.losses.generator, Language.fadein.losses.discriminator]),
    ("Models/Optimizers", [Language.fadein.optimizers]),
    ("Datasets/Augmentations", [Language.fadein.augmentations]),
    ("Evaluation", [Language.fadein.measures]),
    ("Training/Watch/Actions", [Language.fadein.watchActions]),
    ("Studies/Strategies", [Language.fadein.searches]),
    ("Studies/Stoppers", [Language.fadein.stoppers]),
  ]

  @Test(arguments: kinds) func `a catalog lists every plug-in of its folder`(folder: String, catalogs: [Catalog]) throws {
    let sources = URL(filePath: #filePath).appending(path: "../../../Sources/\(folder)").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    let plugins = try files.filter {
      try String(contentsOf: sources.appending(path: $0), encoding: .utf8).contains("static var schema: ObjectSchema<")
    }
    #expect(catalogs.flatMap(\.types).map { "\($0).swift" }.sorted() == plugins.sorted())
  }

  @Test(arguments: kinds) func `what a spec can name is documented, and its defaults are what it reads`(
    folder: String, catalogs: [Catalog]
  ) {
    for choice in catalogs.flatMap(\.choices) {
      #expect(choice.key.wholeMatch(of: /[a-z][a-z0-9_ ]*/) != nil)
      #expect(choice == Choice(choice.type), "\(choice.key)")
    }
  }

  @Test func `choices are equal when their types and settings are`() {
    let (four, five) = (Choice(ASHA.self, .init(reduction: 4)), Choice(ASHA.self, .init(reduction: 5)))
    #expect(four == Choice(ASHA.self) && four != five && five.settings(of: ASHA.self).reduction == 5)
    #expect(Choice(MedianRule.self) != Choice(ASHA.self))
    let made: any Stopper = five.make()
    #expect(made is ASHA)
  }
}
