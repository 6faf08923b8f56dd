extension DataSpec {
  /// `data` with these augmentations to choose from.
  static func schema(_ augmentations: Catalog) -> ObjectSchema<DataSpec> {
    ObjectSchema(
      name: "data", blank: DataSpec(folder: "", path: "", resolution: 0),
      fields: [
        Field(
          "folder", \.folder, .text("a path"), "Folder of PNG images, searched recursively; relative to the spec file",
          default: .required, example: "../data/icons"),
        Field(
          "resolution", \.resolution, .powerOfTwo(SpecLimits.resolutions),
          "Side in pixels that every image is resized to; lower phases average this image down",
          default: .derived("the resolution of the last phase")),
        Field("fit", \.fit, .choice, "How an image that is not square becomes square"),
        Field(
          "exclude", \.exclude, .list(of: .text("a file name or pattern"), blank: "", count: 0...10_000),
          "Names or glob patterns of files that are left out", example: "[broken.png, draft-*.png]"),
        Field(
          "near_duplicates", \.nearDuplicates, .optional(.object(NearDuplicatesSpec.schema), blank: NearDuplicatesSpec()),
          "Leaves out copies and thins look-alikes; without it all stay",
          example: "{distance: 8, keep: 4}"),
        Field(
          "minimum_side", \.minimumSide, .integer(1...4096),
          "Images with a shorter side in pixels are left out"),
        Field(
          "limit", \.limit, .optional(.integer(2...10_000_000), blank: 0),
          "How many of the images are used, chosen at random; without it all are", example: "100"),
        Field(
          "limit_seed", \.limitSeed, .optional(.integer(0...UInt64.max), blank: 0),
          "Chooses which images those are, whatever the experiment's seed; without it as 0"),
        Field("augment", \.augment, .choices(of: augmentations, name: "augment"), "Random changes to real images"),
      ])
  }
}

extension NearDuplicatesSpec {
  /// `data.near_duplicates`.
  static var schema: ObjectSchema<NearDuplicatesSpec> {
    ObjectSchema(
      name: "near_duplicates", blank: NearDuplicatesSpec(),
      fields: [
        Field(
          "distance", \.distance, .number(.from(0, to: 1000)), "Look-alikes differ in at most so many thousandths of their cells"),
        Field("keep", \.keep, .integer(1...100_000), "How many of a group of look-alikes stay"),
      ])
  }
}
